import { given } from "#lang/given.ts";
import { openPlatform } from "#async/platform.ts";
import { listConnectionIds, readConnection } from "#db/connections.ts";
import type { Database } from "#db/database.ts";
import { listSweepUnits } from "#db/sweeps.ts";
import { openVault, type Vault } from "#db/vault.ts";
import { databaseOf } from "./databases.ts";
import { broken, skipped, type Check, type Finding } from "./finding.ts";
import { connectionFinding, type ConnectionAt } from "./mce-connection.ts";

/** More than this do not fit in the time; a tenth of a second each is usual. */
const connectionsMax = 20;
const atOnce = 5;

/** Marketing Cloud, as each connection of each business unit. */
export const mceCheck: Check = {
  id: "mce",
  title: "Marketing Cloud",
  async look({ settings }, signal) {
    const [app, sweeper] = (["app", "sweeper"] as const).map((role) => databaseOf(settings, role));
    const variables = { ...settings.worker, ...settings.bridge };
    const vault = await openVault(variables["VAULT_KEYS"] ?? "").catch(() => undefined);
    if (app === undefined || sweeper === undefined || vault === undefined)
      return [skipped("Marketing Cloud: DATABASE_URL, DATABASE_SWEEPER_URL or VAULT_KEYS is not given")];
    const all = await listConnections(app, sweeper).catch(() => undefined);
    if (all === undefined) return [skipped("Marketing Cloud: Postgres does not tell the connections")];
    if (all.length === 0) return [skipped("Marketing Cloud: no connection is there yet")];
    const findings: Finding[] = [];
    const sandboxUrl = variables["MCE_SANDBOX_URL"];
    const asked = all.slice(0, connectionsMax);
    for (let from = 0; from < asked.length; from += atOnce) {
      if (signal.aborted) break;
      const some = asked.slice(from, from + atOnce);
      findings.push(...(await Promise.all(some.map((it) => lookAt(app, vault, it, sandboxUrl)))));
    }
    const left = all.length - findings.length;
    return left === 0 ? findings : [...findings, skipped(`${left} more connections were not asked`)];
  },
};

async function listConnections(app: Database, sweeper: Database): Promise<ConnectionAt[]> {
  const units = await listSweepUnits(sweeper);
  const lists = await Promise.all(
    units.slice(0, connectionsMax).map(async ({ tenantId, mid }) => {
      const ids = await listConnectionIds(app, { tenantId, mid });
      return ids.map((connectionId) => ({ tenantId, mid, connectionId }));
    }),
  );
  return lists.flat();
}

async function lookAt(app: Database, vault: Vault, at: ConnectionAt, sandboxUrl: string | undefined): Promise<Finding> {
  const where = `Connection ${at.connectionId}, MID ${at.mid}`;
  const connection = await readConnection(app, vault, at).catch(() => undefined);
  if (connection === undefined) {
    return broken(
      `${where}: its secret cannot be opened`,
      "Runs of this connection fail as REAUTH_REQUIRED",
      "Put the key it was sealed with back into VAULT_KEYS, or store the secret anew",
    );
  }
  const { id: connectionId, ...rest } = connection;
  const access = { connectionId, ...rest, mid: at.mid };
  return connectionFinding(where, access, { platform: openPlatform(), ...given({ sandboxUrl }) });
}
