import { openVault, seal } from "#db/vault.ts";
import { accounts } from "../../sandbox/accounts.ts";
import type { Neon } from "../stand-ins/neon.ts";

/** The tenants of a local stack, in the order of the sandbox's accounts; fixed ids, so that seeding twice changes nothing. */
export const tenants = [
  { id: "a0000000-0000-4000-8000-00000000000a", connectionId: "a0000000-0000-4000-8000-0000000000c1" },
  { id: "b0000000-0000-4000-8000-00000000000b", connectionId: "b0000000-0000-4000-8000-0000000000c1" },
] as const;

/** Inserts the two tenants and their connections to the sandbox into a migrated database; secrets are sealed. */
export async function seed(neon: Neon, vaultKeys: string): Promise<void> {
  const vault = await openVault(vaultKeys);
  for (const [index, { id, connectionId }] of tenants.entries()) {
    const account = accounts[index];
    if (account === undefined) throw new Error(`Cannot seed tenant ${id}: the sandbox has no account for it`);
    const place = { table: "connections", tenantId: id, row: connectionId, field: "client_secret" };
    const secret = await seal(vault, account.clientSecret, place);
    await neon.query("insert into sqe.tenants (id, eid, name) values ($1, $2, $3) on conflict do nothing", [
      id,
      account.eid,
      account.name,
    ]);
    await neon.query(
      `insert into sqe.connections (id, tenant_id, eid, mids, subdomain, client_id, client_secret)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
      [connectionId, id, account.eid, account.mids, account.subdomain, account.clientId, secret],
    );
  }
}
