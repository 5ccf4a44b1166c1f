import { readJson } from "#lang/json.ts";
import { Transition } from "#protocol/transition.ts";
import { foldTransition, type FoldDeps } from "./fold.ts";
import type { RedisClient } from "./redis.ts";

/**
 * Folds what a silent bridge wrote into the run's log but could not send (D7, D8). What no longer fits is skipped: an
 * older bridge's transitions, or sequence numbers that were used again.
 */
export async function catchUp(deps: FoldDeps, redis: RedisClient): Promise<void> {
  const record = deps.keeper.read();
  if (record === undefined) return;
  deps.keeper.changeUpkeep({ logReadAt: deps.now() });
  // Without the log the bridge stays silent, and the job is delivered again.
  const texts = await redis.readLog(record.run.id).catch(() => []);
  for (const text of texts) {
    const transition = Transition.safeParse(readJson(text));
    if (transition.success) foldTransition(deps, transition.data, await deps.sha256(text));
  }
}
