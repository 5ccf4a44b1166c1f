import { sql } from "drizzle-orm";
import type { Database } from "./database.ts";

/**
 * Makes sure that row level security really binds the role we are: the start of a program ends here otherwise (D12).
 *
 * @throws when the role may bypass row level security, or a table of ours does not force it
 */
export async function assertRowLevelSecurity(db: Database): Promise<void> {
  const role = await db.execute<{ name: string; mighty: boolean }>(
    sql`select rolname as name, rolsuper or rolbypassrls as mighty from pg_roles
        where pg_has_role(current_user, oid, 'member') order by 2 desc limit 1`,
  );
  const mighty = role.rows.find((row) => row.mighty);
  if (mighty !== undefined) throw new Error(`Cannot start: role "${mighty.name}" may bypass row level security`);
  const open = await db.execute<{ name: string }>(
    sql`select relname as name from pg_class join pg_namespace on pg_namespace.oid = relnamespace
        where nspname = 'sqe' and relkind = 'r' and not (relrowsecurity and relforcerowsecurity)`,
  );
  const table = open.rows[0];
  if (table !== undefined) throw new Error(`Cannot start: table sqe.${table.name} does not force row level security`);
}
