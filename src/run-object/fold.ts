import { noteAsset } from "#protocol/ledger.ts";
import type { Settings } from "#protocol/settings.ts";
import { step } from "#protocol/step.ts";
import type { Transition } from "#protocol/transition.ts";
import type { ApplyAnswer } from "./answers.ts";
import { stepOf } from "./debug.ts";
import type { Keeper } from "./keeper.ts";
import { heard } from "./record.ts";
import type { Store } from "./store.ts";

export type FoldDeps = { keeper: Keeper; store: Store; settings: Settings };

/**
 * Folds one transition of the bridge, pushed by it or found in the run's log.
 *
 * @param hash SHA-256 of its text, to tell a repeat from a conflict
 * @returns undefined when there is no run here
 */
export function foldTransition(deps: FoldDeps, transition: Transition, hash: string): ApplyAnswer | undefined {
  const { keeper, store, settings } = deps;
  const record = keeper.read();
  if (record === undefined) return undefined;
  const now = Date.now();
  const { resultTtlMs } = settings;
  const next = step(record.run, transition, { now, hash, hashOf: (seq) => store.hashOf(seq), resultTtlMs });
  const { status, version, seq } = record.run;
  if (next.kind === "refused") return { kind: "refused", why: next.why, status, seq };
  if (next.kind === "repeat") return { kind: "accepted", status, version, seq };
  store.addTransition(transition.seq, hash, stepOf(transition, now));
  const ledger = next.note === undefined ? record.ledger : noteAsset(record.ledger, next.note);
  const cleanupPuts = ledger === record.ledger ? record.upkeep.cleanupPuts : 0;
  const upkeep = { ...heard(record.upkeep, now), cleanupPuts };
  keeper.commit({ ...record, run: next.run, ledger, upkeep }, next.visible);
  return { kind: "accepted", status: next.run.status, version: next.run.version, seq: next.run.seq };
}
