import type { Connection } from "#db/connections.ts";
import { readConnection } from "#db/connections.ts";
import type { Database } from "#db/database.ts";
import type { Vault } from "#db/vault.ts";
import type { Mce } from "#mce/client.ts";
import { openMce } from "#mce/client.ts";
import type { Tenancy } from "#protocol/tenancy.ts";

/** Signs in to MCE as the business unit of a run. */
export type MceAccess = {
  /**
   * @returns undefined when the tenant has no such connection for this business unit
   * @throws when Postgres cannot be reached, or the secret does not open
   */
  open(tenancy: Tenancy): Promise<Mce | undefined>;
};

export type AccessDeps = {
  db: Database;
  vault: Vault;
  mce: Parameters<typeof openMce>[1];
  now: () => number;
};

/** Long enough to spare Postgres a question per poll, short enough to see a renewed connection. */
const keptMs = 60_000;

/** Opens the door to MCE; connections are remembered for a minute, in memory only. */
export function openAccess(deps: AccessDeps): MceAccess {
  const kept = new Map<string, { connection: Connection; until: number }>();
  return {
    async open({ tenantId, connectionId, mid }) {
      const key = `${tenantId}/${connectionId}/${mid}`;
      const known = kept.get(key);
      const fresh = known !== undefined && known.until > deps.now() ? known.connection : undefined;
      const connection = fresh ?? (await readConnection(deps.db, deps.vault, { tenantId, connectionId, mid }));
      if (connection === undefined) return undefined;
      if (fresh === undefined) kept.set(key, { connection, until: deps.now() + keptMs });
      const { id, eid, subdomain, clientId, clientSecret } = connection;
      return openMce({ connectionId: id, mid, eid, subdomain, clientId, clientSecret }, deps.mce);
    },
  };
}
