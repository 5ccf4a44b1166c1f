import type { AliveRequest, ClaimRequest, GrantRequest } from "#protocol/claim.ts";
import type { Settings } from "#protocol/settings.ts";
import type { Transition } from "#protocol/transition.ts";
import type { AliveAnswer, ApplyAnswer, GrantReply } from "./answers.ts";
import { claim } from "./claim.ts";
import { intents, isSuperfluous } from "./claim-answer.ts";
import { grantPerform } from "./grant.ts";
import { noteAsset } from "./ledger.ts";
import { withSignOfLife, type RunRecord } from "./record.ts";
import { step } from "./step.ts";

// Decides what a bridge asks of a run's object, without storage or clock: the caller saves the changed record.

/** `changed` is the record to save, absent when nothing changes; `visible`: its version rose, so watchers get it. */
export type Decided<A> = { answer: A; changed?: RunRecord; visible: boolean };

/**
 * Admits one start of a processor (D5).
 *
 * @returns undefined when another delivery's job is working on the run, so there is nothing to do
 */
export function admitClaim(
  record: RunRecord,
  ask: ClaimRequest,
  now: number,
  settings: Settings,
): { record: RunRecord; visible: boolean } | undefined {
  if (isSuperfluous(record, ask, now, settings)) return undefined;
  const { run, visible } = claim(record.run, ask.claimId, now);
  const { holder: _before, ...upkeep } = withSignOfLife(record.upkeep, now);
  const held = ask.delivery === undefined ? upkeep : { ...upkeep, holder: ask.delivery };
  return { record: { ...record, run, ledger: intents(run, record.ledger), upkeep: held }, visible };
}

/** Grants Perform `n` once (D4). */
export function answerGrant(record: RunRecord, ask: GrantRequest, now: number): Decided<GrantReply> {
  const { status, epoch } = record.run;
  if (ask.epoch !== epoch) return { answer: { kind: "stale-epoch", status }, visible: false };
  const decision = grantPerform(record.run, ask, now);
  if (decision.kind === "refused") {
    return { answer: { kind: "answered", grant: { answer: "refused", status, now } }, visible: false };
  }
  const { kind, grant } = decision;
  const answer: GrantReply = { kind: "answered", grant: { answer: kind, status, grant, now } };
  if (decision.kind === "already") return { answer, visible: false };
  return {
    answer,
    changed: { ...record, run: decision.run, upkeep: withSignOfLife(record.upkeep, now) },
    visible: false,
  };
}

/** What is needed to fold a transition; `hash` distinguishes a repeat from a conflict (D5). */
export type FoldAt = {
  now: number;
  hash: string;
  hashOf: (seq: number) => string | undefined;
  resultTtlMs: number;
};

/** Folds one transition of a bridge. When `changed` is present, save the transition's hash with its `seq`. */
export function foldInto(record: RunRecord, transition: Transition, at: FoldAt): Decided<ApplyAnswer> {
  const { status, version, seq } = record.run;
  const next = step(record.run, transition, at);
  if (next.kind === "refused") return { answer: { kind: "refused", why: next.why, status, seq }, visible: false };
  if (next.kind === "repeat") return { answer: { kind: "accepted", status, version, seq }, visible: false };
  const ledger = next.note === undefined ? record.ledger : noteAsset(record.ledger, next.note);
  const cleanupPuts = ledger === record.ledger ? record.upkeep.cleanupPuts : 0;
  const { run, visible } = next;
  return {
    answer: { kind: "accepted", status: run.status, version: run.version, seq: run.seq },
    changed: { ...record, run, ledger, upkeep: { ...withSignOfLife(record.upkeep, at.now), cleanupPuts } },
    visible,
  };
}

/** Records a bridge's sign of life (D7). */
export function answerAlive(record: RunRecord, { epoch }: AliveRequest, now: number): Decided<AliveAnswer> {
  const { status } = record.run;
  if (epoch !== record.run.epoch) return { answer: { kind: "stale-epoch", status }, visible: false };
  return {
    answer: { kind: "heard", status },
    changed: { ...record, upkeep: withSignOfLife(record.upkeep, now) },
    visible: false,
  };
}
