import { sql } from "drizzle-orm";
import { inTenant, type Database } from "./database.ts";

/** A signed-in person in one business unit. */
export type SessionPlace = { tenantId: string; userId: string; eid: number; mid: number; grantId: string };

/** A session that was found good. `since`: when it began, in epoch milliseconds. */
export type LiveSession = SessionPlace & { id: string; role: "member" | "administrator"; since: number };

/** How long a session may go unused, and how long it lasts at most, in seconds. */
const idleSeconds = 30 * 60;
export const sessionSeconds = 8 * 60 * 60;

/** Opens a session. @returns its id */
export async function openSession(db: Database, place: SessionPlace): Promise<string> {
  const id = crypto.randomUUID();
  const { tenantId, userId, eid, mid, grantId } = place;
  const query = sql`insert into sqe.sessions (id, tenant_id, user_id, eid, mid, grant_id)
    values (${id}::uuid, ${tenantId}::uuid, ${userId}, ${eid}::bigint, ${mid}::bigint, ${grantId}::uuid)`;
  await inTenant(db, { tenantId }, db.execute(query));
  return id;
}

type Row = {
  user_id: string;
  eid: string;
  mid: string;
  grant_id: string;
  role: LiveSession["role"];
  created_at: string;
};

/**
 * Looks whether a session still holds, and notes its use.
 *
 * @returns undefined when it was ended, unused for 30 minutes or is 8 hours old, or the person or tenant was switched off
 */
export async function useSession(db: Database, tenantId: string, id: string): Promise<LiveSession | undefined> {
  const query = sql`
    update sqe.sessions as own set last_used_at = now()
      from sqe.users as person, sqe.tenants as tenant
      where own.id = ${id}::uuid and own.revoked_at is null
        and own.last_used_at > now() - ${idleSeconds}::int * interval '1 second'
        and own.created_at > now() - ${sessionSeconds}::int * interval '1 second'
        and person.tenant_id = own.tenant_id and person.user_id = own.user_id and person.active
        and tenant.id = own.tenant_id and tenant.active
      returning own.user_id, own.eid, own.mid, own.grant_id, person.role, own.created_at`;
  const { rows } = await inTenant(db, { tenantId }, db.execute<Row>(query));
  const [row] = rows;
  if (row === undefined) return undefined;
  const { user_id: userId, grant_id: grantId, role } = row;
  const since = new Date(row.created_at).getTime();
  return { id, tenantId, userId, eid: Number(row.eid), mid: Number(row.mid), grantId, role, since };
}

/**
 * Moves a session to another business unit, which Marketing Cloud has just let its person into, and notes that at the grant:
 * the refresh itself does so only when it wrote the token down, and another sign-in of the person may have come in between.
 */
export async function moveSession(db: Database, tenantId: string, id: string, mid: number): Promise<void> {
  const query = sql`
    with moved as (update sqe.sessions set mid = ${mid}::bigint where id = ${id}::uuid returning grant_id)
    update sqe.grants set mids = mids || ${mid}::bigint
    where id in (select grant_id from moved) and not ${mid}::bigint = any(mids)`;
  await inTenant(db, { tenantId }, db.execute(query));
}

/** Ends a session. A request that is at most five minutes younger may still be served. */
export async function endSession(db: Database, tenantId: string, id: string): Promise<void> {
  const query = sql`update sqe.sessions set revoked_at = now() where id = ${id}::uuid and revoked_at is null`;
  await inTenant(db, { tenantId }, db.execute(query));
}

/** Deletes what is left of sign-ins that ended a day ago: sessions, hand-offs, access tokens. `db` is opened as sqe_system. */
export async function deleteEndedSignIns(db: Database): Promise<void> {
  await db.execute(sql`select sqe.delete_ended_sign_ins()`);
}
