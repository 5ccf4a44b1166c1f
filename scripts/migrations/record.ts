import { readdir } from "node:fs/promises";
import type { Session } from "./session.ts";

/** The table in which node-pg-migrate notes what it has applied. */
export const recordTable = "pgmigrations";

/** Lists the migrations of a folder in the order of application, such as `0001_roles`. */
export async function listMigrations(dir: string): Promise<string[]> {
  const files = await readdir(dir);
  return files
    .filter((name) => name.endsWith(".sql"))
    .map((name) => name.slice(0, -".sql".length))
    .sort();
}

/** Lists the migrations in a database's record; undefined without a record. */
export async function readRecord(session: Session): Promise<string[] | undefined> {
  const { rows } = await session.query(`select to_regclass('public.${recordTable}') is not null as "isThere"`);
  if (rows[0]?.["isThere"] !== true) return undefined;
  const record = await session.query(`select name from public.${recordTable} order by run_on, id`);
  return record.rows.map(({ name }) => String(name));
}
