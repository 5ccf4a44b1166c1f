import { neon, neonConfig } from "@neondatabase/serverless";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { EnvironmentName } from "#protocol/development-only.ts";
import { given } from "#lang/given.ts";
import { readEnvironment, readStackFile } from "../../dev/stack/stack-files.ts";
import { connectAsOwner } from "../migrations/owner.ts";
import { readEnvFile } from "../setup/env-file.ts";

/** The database as its owner: a member of sqe_definer, whose policies show all tenants. */
export type Owner = {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
  end(): Promise<void>;
};

/** What an operator's command works on. */
export type Installation = {
  owner: Owner;
  environment: EnvironmentName;
  vaultKeys?: string;
  sandboxUrl?: string;
  edgeUrl?: string;
};

/**
 * Opens the installation that `npm run setup` has set up, or else the local stack that runs.
 *
 * @param places the folder of the set-up, the folder of the stack, and DATABASE_OWNER_URL
 * @throws when there is neither
 */
export async function openInstallation(
  places: { setUpDir: string; stackDir: string; ownerUrl: string | undefined },
  action: string,
): Promise<Installation> {
  const dir = resolve(places.stackDir);
  const stack = places.ownerUrl === undefined ? await readStackFile(dir) : undefined;
  if (stack === undefined) {
    const owner = await connectAsOwner(places.ownerUrl, action);
    const [worker, bridge] = await Promise.all(
      ["worker.env", "bridge.env"].map((name) => readEnvFile(join(places.setUpDir, name))),
    );
    return { owner, ...variablesOf({ ...bridge, ...worker }) };
  }
  const variables = variablesOf(parseEnv(await readEnvironment(dir, "worker")));
  return { owner: overHttp(stack.neonAdmin, stack.neonHttp), ...variables, edgeUrl: stack.edge };
}

function variablesOf(variables: Readonly<Record<string, string | undefined>>): Omit<Installation, "owner"> {
  const { VAULT_KEYS: vaultKeys, MCE_SANDBOX_URL: sandboxUrl, EDGE_URL: edgeUrl } = variables;
  return { environment: EnvironmentName.parse(variables["SQE_ENV"]), ...given({ vaultKeys, sandboxUrl, edgeUrl }) };
}

/** Each statement is a transaction of its own, as everywhere in these commands. */
function overHttp(url: string, endpoint: string): Owner {
  neonConfig.fetchEndpoint = () => endpoint;
  const sql = neon(url);
  return {
    query: async (text, values = []) => ({ rows: await sql.query(text, values) }),
    end: () => Promise.resolve(),
  };
}
