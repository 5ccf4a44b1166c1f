import { openMce, type Mce } from "#mce/client.ts";
import { mceDeps } from "../../support/platform.ts";
import { tenancy, type World } from "./world.ts";

type SignIn = { account?: "a" | "b"; mid?: number };

/** Signs in to a business unit of one of the sandbox's accounts, beside the bridge; the tenant's own if none is named. */
export function signIn(
  { sandboxUrl }: Pick<World, "sandboxUrl">,
  { account = "a", mid = tenancy.mid }: SignIn = {},
  deps: Parameters<typeof mceDeps>[0] = {},
): Mce {
  return openMce(
    {
      connectionId: `test-${account}`,
      eid: account === "a" ? 7000001 : 8000001,
      mid,
      subdomain: `mcsandbox-enterprise-${account}000001`,
      clientId: `sandbox-client-${account}`,
      clientSecret: `sandbox-secret-${account}`,
    },
    mceDeps({ readTimeoutMs: 60_000, effectTimeoutMs: 60_000, ...deps, sandboxUrl }),
  );
}
