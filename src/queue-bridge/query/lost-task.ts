import { findTask } from "#mce/soap/find-task.ts";
import { customerKeyOf } from "#run/names.ts";
import type { Grant } from "#protocol/grant.ts";
import { attemptOf, type RunInHand } from "../run/run-in-hand.ts";

/** The TaskID that was lost with the answer to a Perform, as far as MCE's status list tells whose a task is. */
export type LostTask = {
  /** Looks for it, unless that was done often enough. @param isLast all depends on it now */
  look(isLast: boolean): Promise<string | undefined>;
  /** Another look would bring nothing. */
  isSpent(): boolean;
};

/** A row comes late (MCE 6): so many answers without it say that there is none. */
const leastAnswers = 3;
const mostLooks = 6;
/** A list that does not answer is not waited for longer. */
const mostFailures = 12;

/**
 * Opens the search for what a Perform has started. The query's key is this run's and this shell's alone, so a task of that
 * key is this run's own; a key that MCE does not show there is not found, and nothing is lost by having looked.
 */
export function openLostTask(run: RunInHand, { at: from }: Pick<Grant, "at">): LostTask {
  const customerKey = customerKeyOf(run.spec.id, attemptOf(run));
  let answers = 0;
  let failures = 0;
  let isRefused = false;
  return {
    isSpent: () => isRefused || answers >= leastAnswers || failures >= mostFailures,
    async look(isLast) {
      if (isRefused || (answers + failures >= mostLooks && !isLast)) return undefined;
      const found = await findTask(run.mce, { customerKey, from, until: run.now(), signal: run.signal });
      if (found.ok) answers += 1;
      else failures += 1;
      isRefused = !found.ok && (found.failure.kind === "rejected" || found.failure.kind === "forbidden");
      return found.ok ? found.value : undefined;
    },
  };
}
