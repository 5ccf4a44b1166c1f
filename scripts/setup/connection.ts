import { randomUUID } from "node:crypto";
import type { Client } from "pg";
import { openVault, seal } from "#db/vault.ts";

/** A tenant and its installed package of Marketing Cloud. */
export type NewConnection = {
  /** The enterprise's own MID. */
  eid: number;
  name: string;
  /** Business units that the package may be used for. */
  mids: readonly number[];
  subdomain: string;
  clientId: string;
  clientSecret: string;
};

/** The ids that a user's token names. */
export type Connected = { tenantId: string; connectionId: string };

/**
 * Adds a tenant with its package, or changes the package that it has under the same client id. The secret is sealed.
 *
 * @param owner a session of the database's owner, or of a role that is a member of it
 */
export async function saveConnection(owner: Client, vaultKeys: string, wanted: NewConnection): Promise<Connected> {
  const vault = await openVault(vaultKeys);
  return withPolicies(owner, async () => {
    const tenantId = await saveTenant(owner, wanted);
    const known = await owner.query<{ id: string }>(
      "select id from sqe.connections where tenant_id = $1 and client_id = $2",
      [tenantId, wanted.clientId],
    );
    const connectionId = known.rows[0]?.id ?? randomUUID();
    const place = { table: "connections", tenantId, row: connectionId, field: "client_secret" };
    const secret = await seal(vault, wanted.clientSecret, place);
    await owner.query(
      `insert into sqe.connections (id, tenant_id, eid, mids, subdomain, client_id, client_secret)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (id) do update set mids = excluded.mids, subdomain = excluded.subdomain,
         client_secret = excluded.client_secret, version = sqe.connections.version + 1`,
      [connectionId, tenantId, wanted.eid, wanted.mids, wanted.subdomain, wanted.clientId, secret],
    );
    return { tenantId, connectionId };
  });
}

async function saveTenant(owner: Client, { eid, name }: NewConnection): Promise<string> {
  const { rows } = await owner.query<{ id: string }>(
    `insert into sqe.tenants (id, eid, name) values ($1, $2, $3)
     on conflict (eid) do update set name = excluded.name returning id`,
    [randomUUID(), eid, name],
  );
  const [tenant] = rows;
  if (tenant === undefined) throw new Error("Cannot connect: Postgres did not store the tenant");
  return tenant.id;
}

/**
 * Row level security binds the owner, too. Policies that let it write are made and dropped in the transaction that writes, so
 * no other session ever sees them.
 */
async function withPolicies<T>(owner: Client, work: () => Promise<T>): Promise<T> {
  const tables = ["sqe.tenants", "sqe.connections"];
  await owner.query("begin");
  try {
    for (const table of tables) {
      await owner.query(`create policy connecting on ${table} to current_user using (true) with check (true)`);
    }
    const result = await work();
    for (const table of tables) await owner.query(`drop policy connecting on ${table}`);
    await owner.query("commit");
    return result;
  } catch (error) {
    await owner.query("rollback");
    throw error;
  }
}
