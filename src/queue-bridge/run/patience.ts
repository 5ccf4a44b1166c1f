import { repeat } from "#async/backoff.ts";
import type { Answer } from "#mce/failure.ts";
import type { RunInHand } from "./run-in-hand.ts";

/**
 * Calls MCE again while it is busy or away and surely has done nothing, until the patience is spent or the run is
 * stopped. Not for Perform.
 *
 * @returns the last answer
 */
export async function patiently<T>(run: RunInHand, call: () => Promise<Answer<T>>): Promise<Answer<T>> {
  return repeat(run.platform, patienceOf(run), async () => {
    const answer = await call();
    return isPassing(answer) ? { kind: "again", value: answer, ...waitOf(answer) } : { kind: "done", value: answer };
  });
}

/** How long a step of a run goes on trying. */
export function patienceOf({ settings, signal, now }: RunInHand) {
  const { retryMinMs, retryMaxMs, mcePatienceMs: patienceMs } = settings;
  return { retryMinMs, retryMaxMs, patienceMs, signal, now };
}

/** The same call makes sense again later, without looking first. */
export function isPassing(answer: Answer<unknown>): boolean {
  if (answer.ok) return false;
  const { failure } = answer;
  return failure.kind === "throttled" || (failure.kind === "unavailable" && failure.effect === "none");
}

/** How long MCE, or the budget of its calls, asks to wait. */
export function waitOf(answer: Answer<unknown>): { waitMs?: number } {
  return !answer.ok && answer.failure.kind === "throttled" ? { waitMs: answer.failure.waitMs } : {};
}
