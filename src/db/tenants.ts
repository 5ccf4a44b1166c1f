import { sql } from "drizzle-orm";
import { inTenant, type Database } from "./database.ts";

/** A caller's tenant and what is known of the caller there. `mids`: what the connection or grant may sign in to. */
export type TenantOfCaller = { name: string; mids: readonly number[]; userName?: string; email?: string };

/**
 * Reads the tenant of a caller, with the business units that the caller's connection or grant may sign in to.
 *
 * @returns undefined when the tenant has no such connection or grant, or it does not allow the caller's business unit
 */
export async function readTenant(
  db: Database,
  caller: { tenantId: string; userId: string; connectionId: string; mid: number },
): Promise<TenantOfCaller | undefined> {
  const { tenantId, userId, connectionId, mid } = caller;
  const query = sql`
    select tenant.name, access.mids, person.name as user_name, person.email
    from sqe.tenants as tenant
    join (
      select id, tenant_id, mids from sqe.connections
      union all select id, tenant_id, mids from sqe.grants where user_id = ${userId}
    ) as access on access.tenant_id = tenant.id and access.id = ${connectionId}::uuid
    left join sqe.users as person on person.tenant_id = tenant.id and person.user_id = ${userId}
    where ${mid}::bigint = any(access.mids)`;
  type Row = { name: string; mids: string[]; user_name: string | null; email: string | null };
  const { rows } = await inTenant(db, { tenantId }, db.execute<Row>(query));
  const [row] = rows;
  if (row === undefined) return undefined;
  const { name, mids, user_name: userName, email } = row;
  return {
    name,
    mids: mids.map(Number).toSorted((a, b) => a - b),
    ...(userName !== null && { userName }),
    ...(email !== null && { email }),
  };
}
