import { sql } from "drizzle-orm";
import type { Database } from "./database.ts";

/** A role of ours that bypasses row level security, and a table of ours that does not force it; null: there is none. */
type Found = { mighty: string | null; unforced: string | null };

/**
 * Stops the start of a program when row level security does not bind our role (D12).
 *
 * @throws when the role may bypass row level security, a table of ours does not force it, or Postgres does not answer;
 *   in our own words, because the driver's errors quote the statement
 */
export async function assertRowLevelSecurity(db: Database): Promise<void> {
  const { mighty, unforced } = await find(db);
  if (mighty !== null) throw new Error(`Cannot start: role "${mighty}" may bypass row level security`);
  if (unforced !== null) throw new Error(`Cannot start: table sqe.${unforced} does not force row level security`);
}

async function find(db: Database): Promise<Found> {
  const query = sql`select
    (select rolname from pg_roles
      where pg_has_role(current_user, oid, 'member') and (rolsuper or rolbypassrls) limit 1) as mighty,
    (select relname from pg_class join pg_namespace on pg_namespace.oid = relnamespace
      where nspname = 'sqe' and relkind = 'r' and not (relrowsecurity and relforcerowsecurity) limit 1) as unforced`;
  const [row] = await db.execute<Found>(query).then(
    ({ rows }) => rows,
    (error: unknown) => {
      throw new Error("Cannot start: Postgres does not answer at DATABASE_URL, or refuses its user", { cause: error });
    },
  );
  if (row === undefined) throw new Error("Cannot start: Postgres did not say whether row level security holds");
  return row;
}
