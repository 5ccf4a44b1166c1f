import { given } from "#lang/given.ts";
import { traceIdOf } from "#protocol/traceparent.ts";
import type { Run } from "#run/run.ts";

/** What a log line of the edge may contain. As at the bridge, SQL, rows and texts of others have no field (R13). */
export type EdgeFacts = {
  runId?: string;
  traceId?: string;
  tenantId?: string;
  mid?: number;
  flow?: string;
  delivery?: number;
  epoch?: number;
  seq?: number;
  type?: string;
  status?: string;
  outcome?: string;
  why?: string;
  call?: string;
  httpStatus?: number;
  failure?: string;
  ms?: number;
  count?: number;
  /** Where an error was thrown: places in the code only, without its message. */
  places?: readonly string[];
};

/** Writes one event. */
export type EdgeLog = (event: string, facts?: EdgeFacts) => void;

/** Writes a JSON line, whose members Workers Logs makes searchable. */
export const writeLog: EdgeLog = (event, facts = {}) => {
  console.log(JSON.stringify({ at: new Date().toISOString(), event, ...facts }));
};

/** What log lines about a run have. */
export function factsOf({ id, traceparent }: Pick<Run, "id" | "traceparent">): EdgeFacts {
  return { runId: id, ...given({ traceId: traceparent && traceIdOf(traceparent) }) };
}

/** The places in the code that threw an error, without its message, which may quote data. */
export function placesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [];
  const lines = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return lines.slice(0, 6).map((line) => line.trim());
}
