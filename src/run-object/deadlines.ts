import type { RunError } from "#protocol/run-error.ts";
import type { Settings } from "#protocol/settings.ts";

/** Nobody claimed the run in time. */
export function queueTimeout(settings: Settings): RunError {
  return {
    code: "QUEUE_TIMEOUT",
    title: "The run was never started",
    detail: `No worker took the run within ${span(settings.queueTimeoutMs)}; nothing was sent to Marketing Cloud`,
    fix: "Submit the query again; when this happens again, the service is overloaded or its worker is down",
  };
}

/** The run outlived its deadline and no bridge reported an end (R9): the object ends it alone. */
export function runTimeout(settings: Settings): RunError {
  return {
    code: "TIMEOUT",
    title: "The query took too long",
    detail: `The run did not end within ${span(settings.runTimeoutMs)}, and its worker has fallen silent since`,
    fix: "Marketing Cloud ends every query after 30 minutes: narrow it, for example by a date range or TOP",
  };
}

function span(ms: number): string {
  const minutes = ms / 60_000;
  return minutes >= 1 ? `${Number(minutes.toFixed(1))} minutes` : `${Number((ms / 1000).toFixed(1))} seconds`;
}
