import type { MceFailure } from "#mce/failure.ts";
import { maskValues } from "#mce/mask.ts";
import type { RunError } from "#protocol/run-error.ts";

/** What the bridge was doing when MCE failed, in words that fit "while …". */
export type Doing =
  | "reading the tables' fields"
  | "looking for the folder"
  | "creating the folder"
  | "creating the result table"
  | "creating the query"
  | "starting the query"
  | "following the query"
  | "reading the result";

/** Explains a failed call to the user (R7); row values in MCE's text are masked (R13). */
export function explain(failure: MceFailure, doing: Doing): RunError {
  const mce = said(failure.message);
  switch (failure.kind) {
    case "throttled":
      return {
        code: "MCE_UNAVAILABLE",
        title: "Marketing Cloud is busy",
        detail: `Marketing Cloud kept refusing for too many requests while ${doing}`,
        fix: "Run the query again in a few minutes",
        ...mce,
      };
    case "unavailable":
    case "aborted":
      return {
        code: "MCE_UNAVAILABLE",
        title: "Marketing Cloud does not answer",
        detail: `Marketing Cloud could not be reached while ${doing}`,
        fix: "Run the query again when Marketing Cloud is up; trust.salesforce.com shows its status",
        ...mce,
      };
    case "unauthorized":
      return {
        code: "REAUTH_REQUIRED",
        title: "Marketing Cloud refuses the connection",
        detail: `Marketing Cloud refused the sign-in while ${doing}`,
        fix: "Renew the connection to Marketing Cloud, then run the query again",
        ...mce,
      };
    case "forbidden":
      return {
        code: "REAUTH_REQUIRED",
        title: "The connection lacks a permission",
        detail: `Marketing Cloud refused for lack of a permission while ${doing}`,
        fix: "Give the connection's installed package the missing permission, then connect again",
        ...mce,
      };
    case "rejected":
      return {
        code: "QUERY_FAILED",
        title: doing === "creating the query" ? "Marketing Cloud refuses the query" : "Marketing Cloud refuses the run",
        detail: `Marketing Cloud refused while ${doing}`,
        ...(doing === "creating the query" ? { fix: "Change the query as Marketing Cloud's message says" } : {}),
        ...mce,
      };
  }
}

/** The error of a query that MCE began and ended with an error. */
export function queryFailed(message: string): RunError {
  const fix = fixOf(message);
  return {
    code: "QUERY_FAILED",
    title: "The query failed in Marketing Cloud",
    detail: "Marketing Cloud ran the query and ended it with an error",
    ...(fix === undefined ? {} : { fix }),
    ...said(message),
  };
}

/** What helps against SQL Server's usual complaints (FACTS 8.6); they are matched by their core words only. */
function fixOf(message: string): string | undefined {
  const known: readonly [RegExp, string][] = [
    [/would be truncated/i, "A text is longer than its column: cut it with LEFT or CAST it to a longer text"],
    [/conversion failed/i, "A value does not fit the type it is converted to: filter such rows or convert less"],
    [/arithmetic overflow/i, "A number is too large for its type: CAST it to a larger one"],
    [/divide by zero/i, "Guard the divisor, for example with NULLIF(x, 0)"],
    [/primary key/i, "The result has the same key more than once: group by the key or select distinct rows"],
    [/time-?\s?out|execution time|took too long/i, "Marketing Cloud ends queries after 30 minutes: read fewer rows"],
    [/invalid object name|invalid column name/i, "Check the spelling of tables and columns"],
  ];
  return known.find(([pattern]) => pattern.test(message))?.[1];
}

/** The query cannot be run because of its own text. */
export function cannotRead(
  problems: readonly { message: string; line?: number; column?: number; fix?: string }[],
): RunError {
  const [first] = problems;
  const lines = problems.map((problem) =>
    problem.line === undefined ? problem.message : `Line ${problem.line}, column ${problem.column}: ${problem.message}`,
  );
  return {
    code: "QUERY_FAILED",
    title: "The result's columns cannot be told",
    detail: clip(lines.join("\n") || "The query's columns cannot be told from its text", 4000),
    ...(first?.fix === undefined ? {} : { fix: clip(first.fix, 1000) }),
  };
}

/** The run's time is over (R9). */
export function timedOut(runTimeoutMs: number): RunError {
  const minutes = runTimeoutMs / 60_000;
  const time = minutes >= 1 ? `${Math.round(minutes)} minutes` : `${Math.round(runTimeoutMs / 1000)} seconds`;
  return {
    code: "TIMEOUT",
    title: "The query took too long",
    detail: `Marketing Cloud had not finished ${time} after the start; it may still be finishing, its rows are discarded`,
    fix: "Read fewer rows, for example a shorter time span, or split the query",
  };
}

/** Nobody can tell whether the query ran (D4). */
export function outcomeUnknown(): RunError {
  return {
    code: "OUTCOME_UNKNOWN",
    title: "Nobody can tell whether the query ran",
    detail: "Marketing Cloud's answer to the start was lost, and nothing it shows now tells whether the query ran",
    fix: "Look at the target Data Extension before the query is run again: it may have been applied once",
  };
}

/** The connection of the run is not there (any more). */
export function connectionGone(): RunError {
  return {
    code: "REAUTH_REQUIRED",
    title: "The connection to Marketing Cloud is gone",
    detail: "The connection this run was accepted with no longer exists, or is not for this business unit",
    fix: "Connect to Marketing Cloud again, then run the query again",
  };
}

/** A fault of ours; says nothing of its inside. */
export function internal(detail: string): RunError {
  return {
    code: "INTERNAL",
    title: "The run met a fault of this service",
    detail,
    fix: "Run the query again; if it happens again, tell the operator the run's id",
  };
}

/** MCE's text for the `mce` field: masked, within its limit, absent when empty. */
function said(message: string): { mce?: string } {
  const masked = clip(maskValues(message).trim(), 4000);
  return masked === "" ? {} : { mce: masked };
}

function clip(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}
