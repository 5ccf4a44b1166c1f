import type { Answer, MceFailure } from "#mce/failure.ts";
import { failed } from "#mce/failure.ts";
import type { DrivenRun } from "./driven-run.ts";
import { sleep } from "./sleep.ts";

/**
 * Calls MCE again while it is busy or away and surely has done nothing, until the patience is spent or the run is
 * stopped. Not for Perform.
 *
 * @returns the last answer; `throttled` without a call when MCE wants the business unit left alone for longer
 */
export async function patiently<T>(run: DrivenRun, call: () => Promise<Answer<T>>): Promise<Answer<T>> {
  const giveUpAt = run.now() + run.settings.mcePatienceMs;
  for (let pause = run.settings.retryMinMs; ; pause = Math.min(pause * 2, run.settings.retryMaxMs)) {
    const refusal = await outlastPause(run, giveUpAt);
    if (refusal !== undefined) return failed(refusal);
    const answer = await call();
    const waitMs = retryWait(answer, pause);
    if (waitMs === undefined || run.now() + waitMs > giveUpAt) return answer;
    if (!(await sleep(waitMs, run.signal))) return answer;
  }
}

/**
 * Waits out the pause that MCE has asked the whole business unit for, however often it is prolonged meanwhile.
 *
 * A call that goes out in a pause is refused as well, and its refusal may prolong the pause of everybody: so the run that
 * has no time to wait is told the refusal without a call.
 *
 * @returns why nothing may be called; undefined when the pause is over
 */
export async function outlastPause(run: DrivenRun, giveUpAt: number): Promise<MceFailure | undefined> {
  for (;;) {
    const waitMs = await run.pause();
    if (waitMs === 0) return undefined;
    if (run.now() + waitMs > giveUpAt) return refusedFor(waitMs);
    if (!(await sleep(waitMs, run.signal))) return calledOff;
  }
}

const calledOff: MceFailure = {
  kind: "aborted",
  retry: "never",
  message: "The run was stopped before the call",
};

function refusedFor(waitMs: number): MceFailure {
  const message = `MCE limits the rate of calls and wants none for another ${Math.ceil(waitMs / 1000)} s`;
  return { kind: "throttled", retry: "later", waitMs, message };
}

/** How long to wait before the same call makes sense again; undefined: never, or not without looking first. */
function retryWait<T>(answer: Answer<T>, pause: number): number | undefined {
  if (answer.ok) return undefined;
  if (answer.failure.kind === "throttled") return Math.max(pause, answer.failure.waitMs);
  return answer.failure.kind === "unavailable" && answer.failure.effect === "none" ? pause : undefined;
}
