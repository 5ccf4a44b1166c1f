import { readJson } from "#lang/json.ts";
import type { Evidence } from "#protocol/evidence.ts";
import type { LedgerEntry } from "#protocol/ledger-note.ts";
import type { Grant } from "#protocol/grant.ts";
import { Trace, type TracedCall, type TracedVerdict } from "#protocol/trace.ts";
import type { Transition } from "#protocol/transition.ts";
import type { RunRecord } from "#run/record.ts";
import type { RedisClient } from "./redis.ts";

/** One report of a bridge without its content: no SQL, no text of MCE, no row values. */
export type RunStep = {
  seq: number;
  epoch: number;
  /** When the object accepted it. */
  at: number;
  type: Transition["type"];
  /** The Perform it is about. */
  n?: number;
  asset?: string;
  verdict?: Evidence | "refused" | "not-running";
};

/** What `?debug=1` adds to a run. Times are epoch milliseconds of the object's clock. */
export type RunDebug = {
  /** Claims so far; each start of a bridge's processor is one. */
  epoch: number;
  /** Times the run's job was put on the queue. */
  deliveries: number;
  lastSignAt: number;
  grant?: Omit<Grant, "nonce">;
  ledger: readonly LedgerEntry[];
  steps: readonly RunStep[];
} & RunTrace;

/** Absent when Redis could not be read. Entries older than a day, and the last ones of a killed bridge, are missing. */
type RunTrace = {
  calls?: readonly (TracedCall & { epoch: number })[];
  /** The verdicts of all polls; `steps` has those that decided something. */
  verdicts?: readonly (TracedVerdict & { epoch: number })[];
};

/** Returns what is kept of a transition for debugging. */
export function stepOf(transition: Transition, at: number): RunStep {
  const { seq, epoch, type } = transition;
  const head = { seq, epoch, at, type };
  switch (transition.type) {
    case "noted":
      return { ...head, asset: `${transition.note.asset} ${transition.note.state}` };
    case "performed":
    case "misfit":
      return { ...head, n: transition.n };
    case "performRejected":
      return { ...head, n: transition.n, verdict: transition.evidence };
    case "confirming":
    case "ready":
    case "failed":
      return transition.evidence === undefined ? head : { ...head, verdict: transition.evidence };
    case "planned":
      return head;
  }
}

/** Returns what `?debug=1` adds to a run, without the grant's nonce. */
export function debugOf({ run, ledger, upkeep }: RunRecord, steps: readonly RunStep[], trace: RunTrace) {
  const { deliveries, lastSignAt } = upkeep;
  const debug: RunDebug = { epoch: run.epoch, deliveries, lastSignAt, ledger, steps, ...trace };
  if (run.grant !== undefined) {
    const { nonce: _secret, ...grant } = run.grant;
    debug.grant = grant;
  }
  return debug;
}

/** Reads a run's calls and verdicts, each in order; nothing when Redis cannot be read. */
export async function readTrace(redis: RedisClient, id: RunRecord["run"]["id"]): Promise<RunTrace> {
  const texts = await redis.readTrace(id).catch(() => undefined);
  if (texts === undefined) return {};
  const parts = texts.flatMap((text) => Trace.safeParse(readJson(text)).data ?? []);
  const inOrder = <T extends { at: number }>(of: (part: Trace) => readonly T[]) =>
    parts
      .flatMap((part) => of(part).map((it) => ({ ...it, epoch: part.epoch })))
      .toSorted((one, other) => one.at - other.at);
  return { calls: inOrder(({ calls }) => calls), verdicts: inOrder(({ verdicts }) => verdicts) };
}
