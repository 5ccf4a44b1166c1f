import { continueTrace, traceIdOf, type Traceparent } from "#protocol/traceparent.ts";
import { writeLog, type EdgeLog } from "#run-object/log.ts";

/** The trace of one request, and a log whose lines have its id. */
export type RequestTrace = { traceparent: Traceparent; traceId: string; log: EdgeLog };

/** The header of an answer that tells the trace's id, for a user who asks for help. */
export const traceIdHeader = "x-trace-id";

/** Continues the trace that a request brings as `traceparent`, or begins one. */
export function traceOf(request: Request): RequestTrace {
  const sent = request.headers.get("traceparent") ?? undefined;
  const traceparent = continueTrace(sent, crypto.getRandomValues(new Uint8Array(24)));
  const traceId = traceIdOf(traceparent);
  return { traceparent, traceId, log: (event, facts) => writeLog(event, { traceId, ...facts }) };
}
