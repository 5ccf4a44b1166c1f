import { isOver } from "#protocol/run-status.ts";
import { findBadCalls } from "./check-calls.ts";
import { findBadEffects } from "./check-effects.ts";
import { findBadEnds } from "./check-ends.ts";
import { findLeftovers } from "./check-leftovers.ts";
import { findBadLog } from "./check-log.ts";
import { findBadStreams } from "./check-streams.ts";
import type { Finding, History } from "./history.ts";

/** Compares what all sides tell of the same runs. Pure. @returns what breaks an invariant; empty when all is well */
export function checkHistory(history: History): readonly Finding[] {
  const ofRuns = history.runs.flatMap((run) => [...findBadEnds(run), ...findBadLog(run), ...findBadStreams(run)]);
  return [...ofRuns, ...findBadEffects(history), ...findLeftovers(history), ...findBadCalls(history)];
}

/** How many runs ended in which way, such as `12 ready, 1 failed`. */
export function endsOf(runs: History["runs"]): string {
  const counts = new Map<string, number>();
  for (const { log } of runs) {
    const status = log.find((it) => isOver(it.status))?.status ?? "no end";
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return [...counts].map(([status, count]) => `${count} ${status}`).join(", ");
}

/** A finding in one line. */
export function lineOf({ invariant, what, runId }: Finding): string {
  return `${invariant} ${runId === undefined ? "" : `${runId} `}${what}`;
}
