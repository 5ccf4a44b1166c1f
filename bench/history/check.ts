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

/** How many runs ended in which way, such as `12 ready, 1 TIMEOUT`. */
export function endsOf(runs: History["runs"]): string {
  const counts = new Map<string, number>();
  for (const { log } of runs) {
    const end = log.find(({ status }) => isOver(status));
    const how = end?.code ?? end?.status ?? "without an end";
    counts.set(how, (counts.get(how) ?? 0) + 1);
  }
  return [...counts].map(([how, count]) => `${count} ${how}`).join(", ");
}

/** A finding in one line. */
export function lineOf({ invariant, what, runId }: Finding): string {
  return `${invariant} ${runId === undefined ? "" : `${runId} `}${what}`;
}
