import { findTask } from "#mce/soap/find-task.ts";
import { customerKeyOf } from "#run/names.ts";
import type { Grant } from "#protocol/grant.ts";
import { attemptOf, type RunInHand } from "../run/run-in-hand.ts";

/** The search for the TaskID that was lost with the answer to a Perform, in MCE's status list. */
export type LostTask = {
  /** Looks for it, unless it has looked often enough. @param isLast look in any case: the decision depends on it */
  look(isLast: boolean): Promise<string | undefined>;
  /** Whether another look would be useless. */
  isSpent(): boolean;
};

/** A row comes late (MCE 6): only this many answers without it mean that there is none. */
const answersMin = 3;
const looksMax = 6;
/** How often the list may fail to answer. */
const failuresMax = 12;

/**
 * Opens the search for the task that a Perform has started. The query's key belongs to this run and shell alone, so a task
 * with that key is this run's own. If MCE does not show keys there, nothing is found and no harm is done.
 */
export function openLostTask(run: RunInHand, { at: from }: Pick<Grant, "at">): LostTask {
  const customerKey = customerKeyOf(run.spec.id, attemptOf(run));
  let answers = 0;
  let failures = 0;
  let isRefused = false;
  return {
    isSpent: () => isRefused || answers >= answersMin || failures >= failuresMax,
    async look(isLast) {
      if (isRefused || (answers + failures >= looksMax && !isLast)) return undefined;
      const found = await findTask(run.mce, { customerKey, from, until: run.now(), signal: run.signal });
      if (found.ok) answers += 1;
      else failures += 1;
      isRefused = !found.ok && (found.error.kind === "rejected" || found.error.kind === "forbidden");
      return found.ok ? found.value : undefined;
    },
  };
}
