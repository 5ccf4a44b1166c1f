import { ok } from "#lang/result.ts";
import { backoff, type Pauses } from "#async/backoff.ts";
import { endHere, type RunInHand } from "../run/run-in-hand.ts";
import type { Outcome } from "../ending.ts";
import type { UsualDuration } from "../verdict/usual-duration.ts";
import { timedOut } from "../run/query-failures.ts";
import { atTheEnd, pollWait, type Curve } from "../verdict/poll-schedule.ts";

/** When a wait began and when the run must be over, both by the object's clock. */
export type Span = { since: number; deadline: number };

export type WaitLimits = {
  /** The wait that MCE or the call budget asked for. */
  atLeastMs: number;
  /** Back-off between two polls while MCE fails to answer; `decisiveAt` still shortens it. */
  slowedMs?: number;
  /** When the known signals alone would lead to a verdict. */
  decisiveAt?: number;
  /** When the first poll is due; at once if that time has passed. */
  firstAt?: number;
  /** The curve for a query that runs; absent: for one that may be over. */
  curve?: Curve;
  /** How long such queries usually take. */
  usual?: UsualDuration;
};

/**
 * Waits until MCE may be asked again (D10): in process while there is capacity, else with a delayed job, so that a bridge can
 * have thousands of runs.
 *
 * @returns the run's time-out when its deadline has passed
 */
export async function waitToPoll(
  run: RunInHand,
  { since, deadline }: Span,
  limits: WaitLimits = { atLeastMs: 0 },
): Promise<Outcome<void>> {
  const now = run.now();
  const waitMs = Math.min(Math.max(limits.atLeastMs, scheduledWait(run, now, since, limits)), deadline - now);
  if (waitMs > run.capacity.longestWaitMs()) return requeue(run, waitMs);
  await run.platform.sleep(waitMs, run.signal);
  if (run.now() >= deadline) {
    return endHere(run, { kind: "failed", error: timedOut(run.spec, run.settings.runTimeoutMs) });
  }
  return run.signal.aborted ? endHere(run, { kind: "leaving" }) : ok(undefined);
}

/**
 * Ends this start and delays the job. It returns before the object notices the silence (D7), even if the wait is not over:
 * the next start then waits for the rest.
 */
export function requeue<T>(run: RunInHand, waitMs: number): Outcome<T> {
  return endHere(run, { kind: "later", waitMs: Math.min(waitMs, run.settings.silentMs / 2) });
}

/**
 * The back-off after `isrunning` has failed several times in a row: MCE's automation endpoints answer HTTP 500 when calls
 * come too fast (MCE 2.6). A single failure does not mean that.
 */
export function slowedBy(failures: number, pauses: Pauses): { slowedMs?: number } {
  return failures < 2 ? {} : { slowedMs: backoff(failures, pauses) };
}

function scheduledWait(run: RunInHand, now: number, since: number, limits: WaitLimits): number {
  const { decisiveAt, firstAt, curve = atTheEnd, usual, slowedMs = 0 } = limits;
  if (firstAt !== undefined) return Math.max(0, firstAt - now);
  const plain = Math.max(slowedMs, pollWait(now - since, run.settings, run.platform.random(), curve, usual));
  const isSooner = decisiveAt !== undefined && decisiveAt > now && decisiveAt - now < plain;
  return isSooner ? Math.max(decisiveAt - now, run.settings.settleMs) : plain;
}
