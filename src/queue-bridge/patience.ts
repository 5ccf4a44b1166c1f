import type { Answer } from "#mce/failure.ts";
import { failed } from "#mce/failure.ts";
import type { DrivenRun } from "./driven-run.ts";
import { sleep } from "./sleep.ts";

/**
 * Calls MCE again while it is busy or away and surely has done nothing, until the patience is spent or the run is
 * stopped. Not for Perform.
 *
 * @returns the last answer
 */
export async function patiently<T>(run: DrivenRun, call: () => Promise<Answer<T>>): Promise<Answer<T>> {
  if (!(await pauseIsOver(run))) return calledOff;
  const giveUpAt = run.now() + run.settings.mcePatienceMs;
  for (let pause = run.settings.retryMinMs; ; pause = Math.min(pause * 2, run.settings.retryMaxMs)) {
    const answer = await call();
    const waitMs = retryWait(answer, pause);
    if (waitMs === undefined || run.now() + waitMs > giveUpAt) return answer;
    if (!(await sleep(waitMs, run.signal))) return answer;
  }
}

/**
 * Waits out the pause that MCE has asked the whole business unit for, unless it is longer than a run's patience: then the
 * next call will tell.
 *
 * @returns false when the run was stopped meanwhile
 */
export async function pauseIsOver(run: DrivenRun): Promise<boolean> {
  const pauseMs = run.pause();
  if (pauseMs === 0 || pauseMs > run.settings.mcePatienceMs) return true;
  return sleep(pauseMs, run.signal);
}

const calledOff = failed({ kind: "aborted", retry: "never", message: "The run was stopped before the call" });

/** How long to wait before the same call makes sense again; undefined: never, or not without looking first. */
function retryWait<T>(answer: Answer<T>, pause: number): number | undefined {
  if (answer.ok) return undefined;
  if (answer.failure.kind === "throttled") return Math.max(pause, answer.failure.waitMs);
  return answer.failure.kind === "unavailable" && answer.failure.effect === "none" ? pause : undefined;
}
