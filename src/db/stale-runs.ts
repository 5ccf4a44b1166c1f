import { sql } from "drizzle-orm";
import type { Database } from "./database.ts";

/** What the reconciler learns of a run: nothing about its user. */
export type StaleRun = { id: string; version: number };

/**
 * Takes live runs whose objects were not asked lately, the longest unasked first. Each is returned once per interval.
 * `db` is opened as sqe_system.
 *
 * @param span epoch milliseconds: now, and the time before which a run was asked last
 */
export async function takeStaleRuns(
  db: Database,
  span: { askedAt: number; seenBefore: number },
  atMost: number,
): Promise<StaleRun[]> {
  const [askedAt, seenBefore] = [span.askedAt, span.seenBefore].map((ms) => new Date(ms).toISOString());
  const { rows } = await db.execute<StaleRun>(
    sql`select * from sqe.take_stale_runs(${askedAt}::timestamptz, ${seenBefore}::timestamptz, ${atMost}::int)`,
  );
  return rows.map(({ id, version }) => ({ id, version }));
}

/** Ends a run whose object is gone, unless it has a newer version. `db` is opened as sqe_system. */
export async function endLostRun(db: Database, run: StaleRun & { endedAt: string; error: unknown }): Promise<void> {
  const error = JSON.stringify(run.error);
  await db.execute(sql`select sqe.end_lost_run(${run.id}, ${run.version}::int, ${run.endedAt}, ${error}::jsonb)`);
}
