import type { Owner } from "./installation.ts";

/** What is stored of one person. */
export type OfPerson = { runs: number; liveRuns: number; keys: number; grants: number; sessions: number };

/** Counts what is stored of a person of a tenant. */
export async function countOfPerson(owner: Owner, tenantId: string, userId: string): Promise<OfPerson> {
  const count = (table: string, only = "true") =>
    `(select count(*) from sqe.${table} where tenant_id = $1 and user_id = $2 and ${only})::int`;
  const { rows } = await owner.query(
    `select ${count("runs")} as runs, ${count("runs", "status in ('queued', 'running')")} as live,
       ${count("api_keys")} as keys, ${count("grants")} as grants, ${count("sessions")} as sessions`,
    [tenantId, userId],
  );
  const number = (name: string) => Number(rows[0]?.[name] ?? 0);
  const [runs, liveRuns, keys] = [number("runs"), number("live"), number("keys")];
  return { runs, liveRuns, keys, grants: number("grants"), sessions: number("sessions") };
}

/**
 * Deletes a person of a tenant with all runs, keys, grants and sessions, in one transaction. The audit log keeps the id, and
 * a line that says so.
 */
export async function removePerson(owner: Owner, tenantId: string, userId: string): Promise<void> {
  await owner.query(
    `with runs as (delete from sqe.runs where tenant_id = $1 and user_id = $2),
       keys as (delete from sqe.api_keys where tenant_id = $1 and user_id = $2),
       handoffs as (delete from sqe.handoffs where tenant_id = $1 and user_id = $2),
       person as (delete from sqe.users where tenant_id = $1 and user_id = $2)
     insert into sqe.audit_log (tenant_id, user_id, action, actor, detail)
     values ($1, 'operator', 'user-removed', 'operator', jsonb_build_object('user', $2::text))`,
    [tenantId, userId],
  );
}
