import { and, asc, eq, sql } from "drizzle-orm";
import { given } from "#lang/given.ts";
import { inTenant, type Claim, type Database } from "./database.ts";
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

/** Lists the people who have signed in to a tenant, or came with a token of a trusted issuer, by id. */
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

/** How somebody stands whom a credential names. `inactive`: switched off, or the tenant is suspended or gone. */
export type Standing = "active" | "inactive" | "unknown";

/** Reads how somebody stands; `unknown`: the tenant has no such person. */
export async function readStanding(db: Database, { tenantId, userId }: Required<Claim>): Promise<Standing> {
  const query = sql`
    select tenant.active as tenant, person.active as person
    from sqe.tenants as tenant
    left join sqe.users as person on person.tenant_id = tenant.id and person.user_id = ${userId}
    where tenant.id = ${tenantId}::uuid`;
  const { rows } = await inTenant(db, { tenantId }, db.execute<{ tenant: boolean; person: boolean | null }>(query));
  const [row] = rows;
  if (row?.tenant !== true) return "inactive";
  if (row.person === null) return "unknown";
  return row.person ? "active" : "inactive";
}

/** Enters somebody as a member of a tenant, or notes that a member came. @returns how that person stands */
export async function noteMember(db: Database, { tenantId, userId }: Required<Claim>): Promise<Standing> {
  const query = sql`
    insert into sqe.users as known (tenant_id, user_id)
    select id, ${userId} from sqe.tenants where id = ${tenantId}::uuid and active
    on conflict (tenant_id, user_id) do update set last_seen_at = now()
    returning known.active`;
  const { rows } = await inTenant(db, { tenantId }, db.execute<{ active: boolean }>(query));
  return rows[0]?.active === true ? "active" : "inactive";
}
