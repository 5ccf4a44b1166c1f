import { given } from "#lang/given.ts";
import type { Run } from "./run.ts";
import type { Spent } from "./spent.ts";

/** How long the parts of a run took, in milliseconds; only what is over. */
export type Timings = {
  queuedMs?: number;
  preparingMs?: number;
  executingMs?: number;
  confirmingMs?: number;
  totalMs?: number;
};

/** Counts what a running run has spent in its phase so far, as it leaves it. Nothing for a run of an older version. */
export function leavePhase(run: Run, now: number): { spent?: Spent } {
  const { spent } = run;
  if (spent === undefined || run.status !== "running") return given({ spent });
  const { phase } = run;
  return { spent: { ...spent, [phase]: (spent[phase] ?? 0) + Math.max(0, now - spent.since), since: now } };
}

/** The times of a run as its owner sees them: none changes before the next version. */
export function timingsOf(run: Run): Timings | undefined {
  const { createdAt, spent } = run;
  const startedAt = "startedAt" in run ? run.startedAt : undefined;
  const endedAt = "endedAt" in run ? run.endedAt : undefined;
  const leftQueueAt = startedAt ?? endedAt;
  const timings = given({
    queuedMs: leftQueueAt === undefined ? undefined : leftQueueAt - createdAt,
    preparingMs: spent?.preparing,
    executingMs: spent?.executing,
    confirmingMs: spent?.confirming,
    totalMs: endedAt === undefined ? undefined : endedAt - createdAt,
  });
  return Object.keys(timings).length === 0 ? undefined : timings;
}
