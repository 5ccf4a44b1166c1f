import { deleteOldAudit } from "#db/audit.ts";
import type { Clients } from "../clients.ts";

/** Entries that one statement deletes. */
const batch = 1000;
const batchesMax = 50;
/** A year, and a month to ask about it (D56). */
const keptMs = 400 * 24 * 60 * 60 * 1000;

/**
 * Deletes entries of audit logs that were kept long enough, a batch at a time; the rest waits for the next hour.
 *
 * @returns how many were deleted
 */
export async function forgetOldAudit(
  { systemDatabase }: Pick<Clients, "systemDatabase">,
  now: number,
): Promise<number> {
  let deleted = 0;
  for (let count = 0; count < batchesMax; count += 1) {
    const found = await deleteOldAudit(systemDatabase, now - keptMs, batch);
    deleted += found;
    if (found < batch) break;
  }
  return deleted;
}
