import { given } from "#lang/given.ts";
import { sql } from "drizzle-orm";
import { inTenant, type Database } from "./database.ts";
import type { BusinessUnit } from "./folders.ts";
import { open, type Vault } from "./vault.ts";

/**
 * What it takes to sign in to MCE as one business unit; `clientSecret` is clear text and lives in memory only. `isGrant`: it
 * is a person's, and tokens come of the grant's refresh token.
 */
export type Connection = {
  id: string;
  eid: number;
  subdomain: string;
  clientId: string;
  clientSecret: string;
  isGrant?: true;
  /** Of a grant: whose it is. */
  ownerId?: string;
};

/** The web-app package of the service itself, which the programs' variables have. */
export type AppPackage = { clientId: string; clientSecret: string };

type Row = {
  id: string;
  eid: string;
  subdomain: string;
  client_id: string;
  client_secret: string | null;
  package_id: string | null;
  is_grant: boolean;
  owner: string | null;
};

/**
 * Reads a tenant's connection, or a person's grant, and opens its package's secret.
 *
 * @param app the package of grants that have none of the tenant's
 * @returns undefined when the tenant has no such connection or grant, or it does not allow that business unit
 */
export async function readConnection(
  db: Database,
  vault: Vault,
  wanted: { tenantId: string; connectionId: string; mid: number },
  app?: AppPackage,
): Promise<Connection | undefined> {
  const { tenantId, connectionId, mid } = wanted;
  const query = sql`
    select id, eid, subdomain, client_id, client_secret, null::uuid as package_id, false as is_grant,
        null::text as owner from sqe.connections
      where id = ${connectionId}::uuid and ${mid}::bigint = any(mids)
    union all
    select own.id, own.eid, own.subdomain, own.client_id, package.client_secret, own.package_id, true, own.user_id
      from sqe.grants as own left join sqe.packages as package on package.id = own.package_id
      where own.id = ${connectionId}::uuid and ${mid}::bigint = any(own.mids)`;
  const { rows } = await inTenant(db, { tenantId }, db.execute<Row>(query));
  const [row] = rows;
  if (row === undefined) return undefined;
  const clientSecret = await secretOf(vault, tenantId, row, app);
  if (clientSecret === undefined) return undefined;
  const { id, subdomain, client_id: clientId } = row;
  const isGrant = row.is_grant ? (true as const) : undefined;
  const ownerId = row.owner ?? undefined;
  return { id, eid: Number(row.eid), subdomain, clientId, clientSecret, ...given({ isGrant, ownerId }) };
}

/** Whether somebody may use a connection: a person's grant is for that person, and for the service's own work. */
export function isFor({ ownerId }: Connection, userId: string | undefined): boolean {
  return ownerId === undefined || userId === undefined || ownerId === userId;
}

/** The service's package has no row. @returns undefined when the grant is for another package than it has now */
async function secretOf(
  vault: Vault,
  tenantId: string,
  { id, client_id: clientId, client_secret: sealed, package_id: packageId, is_grant: isGrant }: Row,
  app: AppPackage | undefined,
): Promise<string | undefined> {
  if (sealed === null) return app?.clientId === clientId ? app.clientSecret : undefined;
  const table = isGrant ? "packages" : "connections";
  return open(vault, sealed, { table, tenantId, row: packageId ?? id, field: "client_secret" });
}

/** Lists a tenant's connections, and the grants of its people, that may sign in to a business unit: connections first. */
export async function listConnectionIds(db: Database, unit: BusinessUnit): Promise<string[]> {
  const query = sql`
    select id, 0 as rank, created_at from sqe.connections where ${unit.mid}::bigint = any(mids)
    union all
    select id, 1, created_at from sqe.grants where ${unit.mid}::bigint = any(mids) and revoked_at is null
    order by rank, created_at desc, id`;
  const { rows } = await inTenant(db, { tenantId: unit.tenantId }, db.execute<{ id: string }>(query));
  return rows.map((row) => row.id);
}
