import { PG_MIGRATE_LOCK_ID, runner } from "node-pg-migrate";
import type { ClientBase } from "pg";
import { readMadeByHand } from "./made-by-hand.ts";
import { listMigrations, readRecord, recordTable } from "./record.ts";
import type { Session } from "./session.ts";

/** The migrations of a folder that a database has and lacks, each in order. */
export type Standing = {
  /** Whether it has a record; without one `applied` was found by looking at the schema. */
  hasRecord: boolean;
  applied: string[];
  pending: string[];
};

/**
 * Reads which migrations a database has and lacks; changes nothing.
 *
 * @throws when it was made by hand in an unclear order
 */
export async function readStanding(session: Session, dir: string): Promise<Standing> {
  const record = await readRecord(session);
  // A first try that could not adopt the database leaves an empty record.
  const hasRecord = record !== undefined && record.length > 0;
  const applied = hasRecord ? record : await readMadeByHand(session);
  const known = await listMigrations(dir);
  return { hasRecord, applied, pending: known.filter((name) => !applied.includes(name)) };
}

/**
 * Brings a database up to date: notes in the record what was made by hand, then applies everything pending in one
 * transaction. Concurrent calls wait.
 *
 * @param session of the database's owner
 * @returns what was there without a record, and what was applied
 * @throws naming the migration that fails; then nothing pending is applied
 */
export async function migrate(session: Session, dir: string): Promise<{ adopted: string[]; applied: string[] }> {
  // The package's own lock, but taken before the database is read, so that two calls do not adopt the same migrations.
  await session.query(`select pg_advisory_lock(${PG_MIGRATE_LOCK_ID})`);
  try {
    const { hasRecord, applied } = await readStanding(session, dir);
    const adopted = hasRecord ? [] : applied;
    if (adopted.length > 0) await run(session, dir, { fake: true, count: adopted.length });
    return { adopted, applied: await run(session, dir, {}) };
  } finally {
    await session.query(`select pg_advisory_unlock(${PG_MIGRATE_LOCK_ID})`);
  }
}

async function run(session: Session, dir: string, options: { fake?: boolean; count?: number }): Promise<string[]> {
  let current = "";
  const silent = () => {};
  // Only this log line names the current file.
  const info = (line: string) => (current = /^### MIGRATION (\S+)/.exec(line)?.[1] ?? current);
  const done = await runner({
    // The package uses only `query(sql)` of a client.
    dbClient: session as ClientBase,
    dir,
    ignorePattern: String.raw`(?!.*\.sql$).*`,
    direction: "up",
    // The command line's default, not the function's: without it a failure leaves its transaction open.
    singleTransaction: true,
    schema: "public",
    migrationsTable: recordTable,
    noLock: true,
    logger: { info, warn: silent, error: silent },
    ...options,
  }).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    const what = current === "" ? "migrations" : `migration ${current}.sql`;
    throw new Error(`Cannot apply ${what}: ${message}`, { cause: error });
  });
  return done.map(({ name }) => name);
}
