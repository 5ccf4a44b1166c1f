import { NeonDbError } from "@neondatabase/serverless";
import { DrizzleQueryError, sql } from "drizzle-orm";
import type { Database } from "./database.ts";

/** The newest migration this code relies on: always the last of the folder. A database may have newer ones. */
export const neededMigration = "0009_schema_record";

/**
 * Tells why the schema is too old for this code, in one line for the operator; undefined when it is new enough (D29).
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

/** Makes sure that the schema is new enough: the start of a program ends here otherwise. @throws with one line that says so */
export async function assertSchema(db: Database): Promise<void> {
  const gap = await readSchemaGap(db);
  if (gap !== undefined) throw new Error(gap);
}

/** No such table (42P01), or not ours to read yet (42501): the record came with the ninth migration. */
function isWithoutRecord(error: unknown): boolean {
  const cause = error instanceof DrizzleQueryError ? error.cause : error;
  return cause instanceof NeonDbError && (cause.code === "42P01" || cause.code === "42501");
}
