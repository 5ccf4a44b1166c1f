import { and, eq, sql } from "drizzle-orm";
import { inTenant, type Database } from "./database.ts";
import { connections, tenants } from "./schema.ts";

/**
 * Reads the tenant of a caller, with the business units that the caller's connection may sign in to.
 *
 * @returns undefined when the tenant has no such connection, or it does not allow the caller's business unit
 */
export async function readTenant(
  db: Database,
  caller: { tenantId: string; connectionId: string; mid: number },
): Promise<{ name: string; mids: readonly number[] } | undefined> {
  const isTheirs = and(eq(connections.id, caller.connectionId), sql`${caller.mid} = any(${connections.mids})`);
  const query = db
    .select({ name: tenants.name, mids: connections.mids })
    .from(connections)
    .innerJoin(tenants, eq(tenants.id, connections.tenantId))
    .where(isTheirs);
  const [row] = await inTenant(db, { tenantId: caller.tenantId }, query);
  return row;
}
