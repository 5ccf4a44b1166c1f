import { NeonDbError } from "@neondatabase/serverless";
import { DrizzleQueryError, sql } from "drizzle-orm";
import type { Database } from "./database.ts";

/** The newest migration that this code needs, always the last of the folder. A database may have newer ones. */
export const neededMigration = "0013_audit_upkeep";

/**
 * Reads why the schema is too old for this code, as one line for the operator; undefined when it is new enough (D29).
 *
 * @param db as sqe_app
 * @throws when Postgres does not answer
 */
export async function readSchemaGap(db: Database): Promise<string | undefined> {
  const query = sql`select 1 from public.pgmigrations where name = ${neededMigration}`;
  const isThere = await db.execute(query).then(
    ({ rows }) => rows.length > 0,
    (error: unknown) => {
      if (isWithoutRecord(error)) return false;
      throw error;
    },
  );
  if (isThere) return undefined;
  return `Cannot start: the database lacks migration ${neededMigration}; run npm run migrate first`;
}

/** Lists the applied migrations, the newest last. `db` is opened as sqe_app. @throws when there is no record of them */
export async function readAppliedMigrations(db: Database): Promise<string[]> {
  const query = sql`select name from public.pgmigrations order by run_on, id`;
  const { rows } = await db.execute<{ name: string }>(query);
  return rows.map(({ name }) => name);
}

/** Stops the start of a program when the schema is too old. @throws with the line of `readSchemaGap` */
export async function assertSchema(db: Database): Promise<void> {
  const gap = await readSchemaGap(db);
  if (gap !== undefined) throw new Error(gap);
}

/** No such table (42P01), or not readable for us yet (42501): the ninth migration added the record. */
function isWithoutRecord(error: unknown): boolean {
  const cause = error instanceof DrizzleQueryError ? error.cause : error;
  return cause instanceof NeonDbError && (cause.code === "42P01" || cause.code === "42501");
}
