import { and, desc, eq, sql } from "drizzle-orm";
import { inTenant, type Database } from "./database.ts";
import { connections } from "./schema.ts";
import { open, type Vault } from "./vault.ts";

/** What it takes to sign in to MCE as one business unit; `clientSecret` is clear text and lives in memory only. */
export type Connection = { id: string; eid: number; subdomain: string; clientId: string; clientSecret: string };

/**
 * Reads a tenant's connection and opens its secret.
 *
 * @returns undefined when the tenant has no such connection, or it does not allow that business unit
 */
export async function readConnection(
  db: Database,
  vault: Vault,
  wanted: { tenantId: string; connectionId: string; mid: number },
): Promise<Connection | undefined> {
  const found = and(eq(connections.id, wanted.connectionId), sql`${wanted.mid} = any(${connections.mids})`);
  const [row] = await inTenant(db, { tenantId: wanted.tenantId }, db.select().from(connections).where(found));
  if (row === undefined) return undefined;
  const place = { table: "connections", tenantId: row.tenantId, row: row.id, field: "client_secret" };
  const clientSecret = await open(vault, row.clientSecret, place);
  return { id: row.id, eid: row.eid, subdomain: row.subdomain, clientId: row.clientId, clientSecret };
}

/** Lists a tenant's connections that may sign in to a business unit, newest first. */
export async function listConnectionIds(db: Database, unit: { tenantId: string; mid: number }): Promise<string[]> {
  const query = db
    .select({ id: connections.id })
    .from(connections)
    .where(sql`${unit.mid} = any(${connections.mids})`)
    .orderBy(desc(connections.createdAt), connections.id);
  const rows = await inTenant(db, { tenantId: unit.tenantId }, query);
  return rows.map((row) => row.id);
}
