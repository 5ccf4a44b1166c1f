import { and, asc, eq, sql } from "drizzle-orm";
import { given } from "#lang/given.ts";
import { inTenant, type Database } from "./database.ts";
import { users } from "./schema.ts";

/** A person of a tenant. */
export type Member = {
  id: string;
  name?: string;
  email?: string;
  role: "member" | "administrator";
  active: boolean;
  lastSeenAt?: string;
};

type Row = typeof users.$inferSelect;

function memberOf({ userId, name, email, role, active, lastSeenAt }: Row): Member {
  const at = lastSeenAt.toISOString();
  return { id: userId, role, active, lastSeenAt: at, ...given({ name: name ?? undefined, email: email ?? undefined }) };
}

/** Lists the people who have signed in to a tenant, by id. */
export async function listMembers(db: Database, tenantId: string): Promise<Member[]> {
  return (await inTenant(db, { tenantId }, db.select().from(users).orderBy(asc(users.userId)))).map(memberOf);
}

/** Reads one person of a tenant. */
export async function readMember(db: Database, tenantId: string, userId: string): Promise<Member | undefined> {
  const [row] = await inTenant(db, { tenantId }, db.select().from(users).where(eq(users.userId, userId)));
  return row && memberOf(row);
}

/**
 * Changes a person's role, or whether the person may come in. A change that would leave the tenant without an active
 * administrator is not made: the rows of all administrators are locked first, in one order, so two changes cannot pass each other.
 *
 * @returns undefined when there is no such person, or it was the last administrator
 */
export async function changeMember(
  db: Database,
  { tenantId, userId }: { tenantId: string; userId: string },
  { role, active }: { role?: Member["role"]; active?: boolean },
): Promise<Member | undefined> {
  const changed = given({ role, active });
  const staysAdministrator = role !== "member" && active !== false;
  const others = sql`(select count(*) filter (where user_id <> ${userId}) from (
    select user_id from sqe.users where role = 'administrator' and active order by user_id for update
  ) as administrator) > 0`;
  const isNone = and(eq(users.userId, userId), sql`not (${users.role} = 'administrator' and ${users.active})`);
  const mayChange = staysAdministrator ? undefined : sql`(${isNone} or ${others})`;
  const change = db
    .update(users)
    .set(changed)
    .where(and(eq(users.userId, userId), mayChange))
    .returning();
  const [row] = await inTenant(db, { tenantId }, change);
  return row && memberOf(row);
}
