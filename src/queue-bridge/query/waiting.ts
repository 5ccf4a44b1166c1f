import { backoff, type Pauses } from "#async/backoff.ts";
import { endHere, type RunInHand } from "../run/run-in-hand.ts";
import { done, type Outcome } from "../ending.ts";
import type { UsualDuration } from "../verdict/usual-duration.ts";
import { timedOut } from "../run/failures.ts";
import { atTheEnd, pollWait, type Curve } from "../verdict/poll-schedule.ts";

/** When a wait began and when the run must be over, both by the object's clock. */
export type Span = { since: number; deadline: number };

export type WaitLimits = {
  /** What MCE, or the budget of its calls, asked for. */
  atLeastMs: number;
  /** Between two polls while MCE has trouble to answer: an end that is sure earlier is not waited for longer. */
  slowedMs?: number;
  /** From then on the signals known already would say more. */
  decisiveAt?: number;
  /** When the first poll is due; it is made up for at once when its time has passed. */
  firstAt?: number;
  /** Between two polls of a query that runs; absent: of one that may be over. */
  curve?: Curve;
  /** How long such queries take. */
  habit?: UsualDuration;
};

/**
 * Waits until MCE may be asked again (D10): in process while there is capacity, else outside, so that a bridge holds thousands
 * of runs.
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
  return run.signal.aborted ? endHere(run, { kind: "leaving" }) : done(undefined);
}

/**
 * Gives up the run's place in the processor for a while. It comes back before its silence is noticed (D7), early if need
 * be: whoever calls MCE then asks again how long to wait.
 */
export function requeue<T>(run: RunInHand, waitMs: number): Outcome<T> {
  return endHere(run, { kind: "later", waitMs: Math.min(waitMs, run.settings.silentMs / 2) });
}

/**
 * How long to leave MCE alone that has failed so often in a row to answer `isrunning`: its automation endpoints answer
 * HTTP 500 when they are hurried (MCE 2.6). Once is no sign of that.
 */
export function slowedBy(failures: number, pauses: Pauses): { slowedMs?: number } {
  return failures < 2 ? {} : { slowedMs: backoff(failures, pauses) };
}

function scheduledWait(run: RunInHand, now: number, since: number, limits: WaitLimits): number {
  const { decisiveAt, firstAt, curve = atTheEnd, habit, slowedMs = 0 } = limits;
  if (firstAt !== undefined) return Math.max(0, firstAt - now);
  const plain = Math.max(slowedMs, pollWait(now - since, run.settings, run.platform.random(), curve, habit));
  const isSooner = decisiveAt !== undefined && decisiveAt > now && decisiveAt - now < plain;
  return isSooner ? Math.max(decisiveAt - now, run.settings.settleMs) : plain;
}
