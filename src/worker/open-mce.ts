import type { CallClass } from "#budget/call-class.ts";
import type { Mce } from "#mce/client.ts";
import { Mid } from "#protocol/ids.ts";
import type { Tenancy } from "#protocol/tenancy.ts";
import type { EdgeLog } from "#run-object/log.ts";
import type { AppEnv } from "./app-types.ts";
import type { Clients } from "./clients.ts";
import { problem } from "./problem.ts";

/** Opens MCE as the caller. @returns the problem to answer with when the connection does not allow it @throws when Postgres does not answer */
export async function openMceOf(
  { clients, user, trace }: Pick<AppEnv["Variables"], "clients" | "user" | "trace">,
  callClass: CallClass,
): Promise<Mce | Response> {
  const mce = await clients.mce(user, callClass, trace.log);
  return (
    mce ?? problem("FORBIDDEN", "Your token's connection is not your tenant's, or does not allow its business unit")
  );
}

/** Opens MCE as the parent of a business unit, if the connection allows it: only that sees rows of shared tables (MCE 4.7). */
export async function openParent(
  clients: Clients,
  tenancy: Tenancy,
  callClass: CallClass,
  log: EdgeLog,
): Promise<Mce | undefined> {
  return clients.mce({ ...tenancy, mid: Mid.parse(tenancy.eid) }, callClass, log);
}
