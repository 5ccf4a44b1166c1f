import { neon, neonConfig } from "@neondatabase/serverless";
import { bindings, type Person } from "./people.ts";

/** Rows of one statement to Postgres as its superuser, past row level security. */
export async function rowsAsOwner(
  statement: string,
  values: readonly unknown[] = [],
): Promise<Record<string, unknown>[]> {
  neonConfig.fetchEndpoint = () => bindings["NEON_FETCH_ENDPOINT"] ?? "";
  return neon(bindings["TEST_ADMIN_DATABASE_URL"] ?? "").query(statement, [...values]);
}

/** Enters a person as a member of the tenant. */
export async function enroll({ tenant, sub }: Pick<Person, "tenant" | "sub">, role = "member"): Promise<void> {
  await rowsAsOwner(
    `insert into sqe.users (tenant_id, user_id, name, role) values ($1, $2, $2, $3)
     on conflict (tenant_id, user_id) do update set role = excluded.role, active = true`,
    [tenant, sub, role],
  );
}

/** The actions of a user in the audit log, oldest first. */
export async function actionsOf({ tenant, sub }: Pick<Person, "tenant" | "sub">): Promise<unknown[]> {
  const rows = await rowsAsOwner("select action from sqe.audit_log where tenant_id = $1 and user_id = $2 order by id", [
    tenant,
    sub,
  ]);
  return rows.map(({ action }) => action);
}
