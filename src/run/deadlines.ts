import type { Run } from "./run.ts";
import type { RunError } from "#protocol/run-error.ts";
import type { Settings } from "#protocol/settings.ts";
import { stillFinishing } from "./still-finishing.ts";

/** No bridge claimed the run in time. */
export function queueTimeout(settings: Settings): RunError {
  return {
    code: "QUEUE_TIMEOUT",
    title: "The run was never started",
    detail: `No worker took the run within ${span(settings.queueTimeoutMs)}; nothing was sent to Marketing Cloud`,
    fix: "Submit the query again; if this happens again, the service is overloaded or its worker is down",
  };
}

/** The run passed its deadline and no bridge reported an end (R9): the object ends it. */
export function runTimeout(run: Run, settings: Settings): RunError {
  const time = span(settings.runTimeoutMs);
  if (run.grant === undefined || run.grant.state === "rejected") {
    return {
      code: "TIMEOUT",
      title: "The run never started its query",
      detail: `Its worker took the run and stopped responding; after ${time} the query had not been started`,
      fix: "Submit the query again; if this happens again, give the operator the run's id",
    };
  }
  return {
    code: "TIMEOUT",
    title: "The query took too long",
    detail: `No end was reported within ${time} of the start, and the run's worker has stopped responding. ${stillFinishing(run)}`,
    fix: "Marketing Cloud ends every query after 30 minutes: narrow it, for example by a date range or TOP",
  };
}

function span(ms: number): string {
  const minutes = ms / 60_000;
  return minutes >= 1 ? `${Number(minutes.toFixed(1))} minutes` : `${Number((ms / 1000).toFixed(1))} seconds`;
}
