import { randomUUID } from "node:crypto";
import { openVault, seal } from "#db/vault.ts";
import type { Owner } from "../admin/installation.ts";

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
 * Adds a tenant with its package, or changes the package that it has under the same client id. The secret is sealed. What is
 * interrupted between the two statements can be done again.
 */
export async function saveConnection(
  owner: Pick<Owner, "query">,
  vaultKeys: string,
  wanted: NewConnection,
): Promise<Connected> {
  const vault = await openVault(vaultKeys);
  const tenantId = await saveTenant(owner, wanted);
  const known = await owner.query("select id from sqe.connections where tenant_id = $1 and client_id = $2", [
    tenantId,
    wanted.clientId,
  ]);
  const [row] = known.rows;
  const connectionId = row === undefined ? randomUUID() : String(row["id"]);
  const place = { table: "connections", tenantId, row: connectionId, field: "client_secret" };
  const secret = await seal(vault, wanted.clientSecret, place);
  await owner.query(
    `with noted as (
       insert into sqe.audit_log (tenant_id, user_id, action, actor, detail)
       values ($2, 'operator', 'connection-created', 'operator', jsonb_build_object('connection', $1::uuid))
     )
     insert into sqe.connections (id, tenant_id, eid, mids, subdomain, client_id, client_secret)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (id) do update set mids = excluded.mids, subdomain = excluded.subdomain,
       client_secret = excluded.client_secret, version = sqe.connections.version + 1`,
    [connectionId, tenantId, wanted.eid, wanted.mids, wanted.subdomain, wanted.clientId, secret],
  );
  return { tenantId, connectionId };
}

async function saveTenant(owner: Pick<Owner, "query">, { eid, name }: NewConnection): Promise<string> {
  const { rows } = await owner.query(
    `insert into sqe.tenants (id, eid, name) values ($1, $2, $3)
     on conflict (eid) do update set name = excluded.name returning id`,
    [randomUUID(), eid, name],
  );
  const [tenant] = rows;
  if (tenant === undefined) throw new Error("Cannot connect: Postgres did not store the tenant");
  return String(tenant["id"]);
}
