import { sql } from "drizzle-orm";
import type { Database } from "./database.ts";

/**
 * Deletes runs that are over, the oldest first. Postgres itself spares those younger than three days, whose objects may
 * still write them. `db` is opened as sqe_system.
 *
 * @param createdBefore epoch milliseconds
 * @returns how many were deleted
 */
export async function deleteOldRuns(db: Database, createdBefore: number, atMost: number): Promise<number> {
  const before = new Date(createdBefore).toISOString();
  const { rows } = await db.execute<{ deleted: number }>(
    sql`select sqe.delete_old_runs(${before}::timestamptz, ${atMost}::int) as deleted`,
  );
  return rows[0]?.deleted ?? 0;
}
