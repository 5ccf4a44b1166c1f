import { deleteOldRuns } from "#db/old-runs.ts";
import type { Clients } from "../clients.ts";

/** Rows that one statement deletes: some hundred milliseconds of Postgres' time. */
const batch = 1000;
/** 50,000 rows an hour are 36 million a month. */
const batchesMax = 50;
const dayMs = 24 * 60 * 60 * 1000;

/**
 * Deletes the runs that Postgres has kept long enough, a batch at a time (D31); the rest waits for the next hour.
 *
 * @returns how many were deleted
 */
export async function forgetOldRuns(
  { systemDatabase, config }: Pick<Clients, "systemDatabase" | "config">,
  now: number,
): Promise<number> {
  const { SQE_RUNS_KEPT_DAYS: days } = config;
  if (days === 0) return 0;
  let deleted = 0;
  for (let count = 0; count < batchesMax; count += 1) {
    const found = await deleteOldRuns(systemDatabase, now - days * dayMs, batch);
    deleted += found;
    if (found < batch) break;
  }
  return deleted;
}
