import { openVault, seal, type Vault } from "#db/vault.ts";
import { z } from "zod";
import { accounts, type Account } from "../../sandbox/accounts.ts";
import type { Neon } from "../stand-ins/neon.ts";

/** The tenants of a local stack, in the order of the sandbox's accounts; fixed ids, so that seeding twice changes nothing. */
export const tenants = [
  { id: "a0000000-0000-4000-8000-00000000000a", connectionId: "a0000000-0000-4000-8000-0000000000c1" },
  { id: "b0000000-0000-4000-8000-00000000000b", connectionId: "b0000000-0000-4000-8000-0000000000c1" },
] as const;

/** The tenant of a stack that does not work on the sandbox; `mid` is its one business unit. */
export const SeedTenant = z.object({
  eid: z.int(),
  name: z.string(),
  mid: z.int(),
  subdomain: z.string(),
  clientId: z.string(),
  clientSecret: z.string(),
});
export type SeedTenant = z.infer<typeof SeedTenant>;

/** One tenant and its package, as they go into the database. */
type Seeded = Pick<Account, "eid" | "name" | "mids" | "subdomain" | "clientId" | "clientSecret">;

/**
 * Inserts the tenants and their connections into a migrated database; secrets are sealed.
 *
 * @param own the tenant of a stack that works on a real Marketing Cloud; absent: the two of the sandbox
 */
export async function seed(neon: Neon, vaultKeys: string, own?: SeedTenant): Promise<void> {
  const vault = await openVault(vaultKeys);
  const seeded: readonly Seeded[] = own === undefined ? accounts : [{ ...own, mids: [own.mid] }];
  for (const [index, account] of seeded.entries()) {
    const place = tenants[index];
    if (place === undefined) throw new Error(`Cannot seed ${account.name}: there is no tenant for it`);
    await seedTenant(neon, vault, place, account);
  }
}

/** Inserts one tenant with its connection. @param place the ids of both */
export async function seedTenant(
  neon: Pick<Neon, "query">,
  vault: Vault,
  place: { id: string; connectionId: string },
  account: Seeded,
): Promise<void> {
  const { id, connectionId } = place;
  const field = { table: "connections", tenantId: id, row: connectionId, field: "client_secret" };
  const secret = await seal(vault, account.clientSecret, field);
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
