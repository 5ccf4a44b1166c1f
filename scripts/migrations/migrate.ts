import { PG_MIGRATE_LOCK_ID, runner } from "node-pg-migrate";
import type { ClientBase } from "pg";
import { readMadeByHand } from "./made-by-hand.ts";
import { listMigrations, readRecord, recordTable } from "./record.ts";
import type { Session } from "./session.ts";

/** What a database has, and what it lacks of a folder's migrations; each in order. */
export type Standing = {
  /** Whether it has a record; without one `applied` is what was found in it. */
  hasRecord: boolean;
  applied: string[];
  pending: string[];
};

/**
 * Tells where a database stands; changes nothing.
 *
 * @throws when it was made by hand in an order that nobody can tell
 */
export async function readStanding(session: Session, dir: string): Promise<Standing> {
  const record = await readRecord(session);
  // An empty record is what a first try leaves behind that could not adopt.
  const hasRecord = record !== undefined && record.length > 0;
  const applied = hasRecord ? record : await readMadeByHand(session);
  const known = await listMigrations(dir);
  return { hasRecord, applied, pending: known.filter((name) => !applied.includes(name)) };
}

/**
 * Brings a database up to date: what was made by hand is noted in the record, then all that is pending is applied in one
 * transaction. Whoever comes at the same time waits.
 *
 * @param session of the database's owner
 * @returns what was there without a record, and what was applied
 * @throws naming the migration that fails; nothing of what was pending is applied then
 */
export async function migrate(session: Session, dir: string): Promise<{ adopted: string[]; applied: string[] }> {
  // The package's own lock, but around the look at the database, too: what another one adopts meanwhile is not adopted again.
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
  // The only place where the package says which file it is at.
  const info = (line: string) => (current = /^### MIGRATION (\S+)/.exec(line)?.[1] ?? current);
  const done = await runner({
    // All the package asks of a client is `query(sql)`.
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
