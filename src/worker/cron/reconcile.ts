import { takeStaleRuns } from "#db/stale-runs.ts";
import type { Clients } from "../clients.ts";
import { stubOf } from "../watch/run-stub.ts";

/** A request may make 1,000 subrequests on the paid plan (Cloudflare's limits page, November 2026). */
const runsMax = 800;
const atOnce = 50;

/**
 * Asks the objects of live runs, those not asked within `reconcileMs`, whether Postgres is right about them.
 *
 * @returns how many objects were asked and how many of those calls failed; the failed ones are asked again next time
 */
export async function reconcileRuns(
  env: Env,
  { database, systemDatabase, config }: Pick<Clients, "database" | "systemDatabase" | "config">,
  now: number,
): Promise<{ asked: number; failed: number }> {
  const span = { askedAt: now, seenBefore: now - config.settings.reconcileMs };
  // In another jurisdiction every object would seem lost (D35).
  await database();
  const stale = await takeStaleRuns(systemDatabase, span, runsMax);
  let failed = 0;
  for (let from = 0; from < stale.length; from += atOnce) {
    const asked = stale.slice(from, from + atOnce).map((row) => stubOf(env, row.id).reconcile(row));
    const answers = await Promise.allSettled(asked);
    failed += answers.filter((answer) => answer.status === "rejected" || !answer.value).length;
  }
  return { asked: stale.length, failed };
}
