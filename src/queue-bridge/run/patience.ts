import { repeat } from "#async/backoff.ts";
import type { Answer } from "#mce/failure.ts";
import type { RunInHand } from "./run-in-hand.ts";

/**
 * Retries a call to MCE while MCE is busy or unreachable and has certainly done nothing, until `mcePatienceMs` is over or the
 * run is stopped. Not for Perform.
 *
 * @returns the last answer
 */
export async function patiently<T>(run: RunInHand, call: () => Promise<Answer<T>>): Promise<Answer<T>> {
  return repeat(run.platform, patienceOf(run), async () => {
    const answer = await call();
    return isPassing(answer) ? { kind: "again", value: answer, ...waitOf(answer) } : { kind: "done", value: answer };
  });
}

/** How a step of a run retries, and for how long. */
export function patienceOf({ settings, signal, now }: RunInHand) {
  const { retryMinMs, retryMaxMs, mcePatienceMs: patienceMs } = settings;
  return { retryMinMs, retryMaxMs, patienceMs, signal, now };
}

/** Whether the same call may be retried later without looking first. */
export function isPassing(answer: Answer<unknown>): boolean {
  if (answer.ok) return false;
  const { error: failure } = answer;
  return failure.kind === "throttled" || (failure.kind === "unavailable" && failure.effect === "none");
}

/** The wait that MCE or the call budget asks for. */
export function waitOf(answer: Answer<unknown>): { waitMs?: number } {
  return !answer.ok && answer.error.kind === "throttled" ? { waitMs: answer.error.waitMs } : {};
}
