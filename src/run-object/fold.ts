import { given } from "#lang/given.ts";
import { foldInto } from "#run/bridge-requests.ts";
import type { Settings } from "#protocol/settings.ts";
import type { Transition } from "#protocol/transition.ts";
import type { ApplyAnswer } from "#run/answers.ts";
import { stepOf } from "./debug.ts";
import type { Keeper } from "./keeper.ts";
import { factsOf } from "./log.ts";
import type { Store } from "./store.ts";
import type { Surroundings } from "./surroundings.ts";

export type FoldDeps = Surroundings & { keeper: Keeper; store: Store; settings: Settings };

/**
 * Folds one transition of a bridge, sent by it or read from the run's log.
 *
 * @param hash SHA-256 of its text, to tell a repeat from a conflict
 * @returns undefined when there is no run here
 */
export function foldTransition(deps: FoldDeps, transition: Transition, hash: string): ApplyAnswer | undefined {
  const { keeper, store, settings } = deps;
  const record = keeper.read();
  if (record === undefined) return undefined;
  const now = deps.now();
  const { resultTtlMs } = settings;
  const at = { now, hash, hashOf: (seq: number) => store.hashOf(seq), resultTtlMs };
  const { answer, changed, visible } = foldInto(record, transition, at);
  const { seq, epoch, type } = transition;
  const why = given({ why: answer.kind === "refused" ? answer.why : undefined });
  deps.log(`transition ${answer.kind}`, { ...factsOf(record.run), epoch, seq, type, status: answer.status, ...why });
  if (changed !== undefined) {
    store.addTransition(transition.seq, hash, stepOf(transition, now));
    keeper.commit(changed, visible);
  }
  return answer;
}
