import { given } from "#lang/given.ts";
import type { MceCall } from "#mce/client.ts";
import type { RunJob } from "#protocol/job.ts";
import { traceIdOf } from "#protocol/traceparent.ts";

/**
 * The facts a log line may contain: ids, counts, times and our own words. SQL, rows, tokens and texts of others have no
 * field here, so they cannot get into a log by accident (R13).
 */
export type LogFacts = {
  runId?: string;
  /** The trace of the request that opened the run: the edge's log lines have it, too. */
  traceId?: string;
  tenantId?: string;
  mid?: number;
  jobId?: string;
  sweepId?: string;
  entryId?: string;
  delivery?: number;
  epoch?: number;
  seq?: number;
  task?: string;
  status?: string;
  ending?: string;
  code?: string;
  call?: string;
  httpStatus?: number;
  failure?: string;
  ms?: number;
  waitMs?: number;
  url?: string;
  count?: number;
  /** Where an error was thrown: places in the code only, without its message. */
  places?: readonly string[];
  why?: string;
};

/** Writes one event. */
export type Log = (event: string, facts?: LogFacts) => void;

/** What log lines about a run have. */
export function factsOf({ runId, traceparent }: Pick<RunJob, "runId" | "traceparent">): LogFacts {
  return { runId, ...given({ traceId: traceparent && traceIdOf(traceparent) }) };
}

/** A log whose every line has these facts, too. */
export function withFacts(log: Log, known: LogFacts): Log {
  return (event, facts) => log(event, { ...known, ...facts });
}

/** Logs one call to Marketing Cloud. */
export function logCall(log: Log, call: MceCall): void {
  if (call.outcome === "ok") log("mce call", factsOfCall(call));
  else logFailedCall(log, call);
}

/** Logs a call to Marketing Cloud if it failed: a sweep makes many, and only the failed ones are news. */
export function logFailedCall(log: Log, call: MceCall): void {
  if (call.outcome !== "ok") log("mce call failed", { ...factsOfCall(call), failure: call.outcome });
}

function factsOfCall({ name, ms, status }: MceCall): LogFacts {
  return { call: name, ms: Math.round(ms), ...given({ httpStatus: status }) };
}

/** Opens a log of JSON lines, one per event, with the time in ISO 8601. */
export function openLog(write: (line: string) => void, now: () => number): Log {
  return (event, facts = {}) => write(`${JSON.stringify({ at: new Date(now()).toISOString(), event, ...facts })}\n`);
}
