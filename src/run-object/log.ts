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
