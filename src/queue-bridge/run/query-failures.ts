import { clip } from "#lang/clip.ts";
import type { RunSpec } from "#protocol/claim.ts";
import type { RunError } from "#protocol/run-error.ts";
import type { Target } from "#protocol/target.ts";
import { folderName } from "#run/names.ts";
import { explainSqlError } from "#sql/error-catalogue.ts";
import { catalogueText, masked, mceText, type About } from "./error-text.ts";
import { isError, type Severity } from "#sql/diagnostic.ts";

const staleFields: ReadonlySet<string> = new Set(["UNKNOWN_COLUMN", "UNKNOWN_TABLE", "AMBIGUOUS_COLUMN"]);

/** Whether MCE's message means that a table has changed since its fields were read. */
export function mayBeStaleMetadata({ mce = "" }: RunError): boolean {
  return staleFields.has(explainSqlError(mce)?.code ?? "");
}

/** The error of a query that MCE began and ended with an error; SQL Server's usual complaints are explained (MCE 8.6). */
export function queryFailed({ target, ...about }: Pick<RunSpec, "target"> & About, message: string): RunError {
  const shown = masked(message, about);
  const known = explainSqlError(shown);
  const words = {
    title: "The query failed in Marketing Cloud",
    detail:
      shown.trim() === ""
        ? "Marketing Cloud ran the query and ended it with an error, without a reason"
        : "Marketing Cloud ran the query and ended it with an error",
    ...(known === undefined ? {} : catalogueText(known)),
  };
  const detail = target === undefined ? words.detail : `${words.detail}. ${leftBehind(target)}`;
  return { code: "QUERY_FAILED", ...words, detail, ...mceText(shown) };
}

/** Sources differ on what a failed run leaves behind (MCE 8.1): neither "nothing" nor "all" may be promised. */
function leftBehind({ customerKey, mode }: Target): string {
  return mode === "overwrite"
    ? `"${customerKey}" may be empty now: Marketing Cloud empties it before it runs the query`
    : `"${customerKey}" may contain some of the rows`;
}

/** A problem of the query's text, by the guard, the reader or MCE; MCE's words in it are masked already. */
type Problem = {
  message: string;
  severity?: Severity;
  line?: number;
  column?: number;
  fix?: string;
  mce?: string;
};

/** The query cannot be run because of its own text; warnings are shown only when there is no error. */
export function cannotRun(problems: readonly Problem[]): RunError {
  const errors = problems.filter(isError);
  const shown = errors.length > 0 ? errors : problems;
  const lines = shown.map(({ message, line, column }) =>
    line === undefined ? message : `Line ${line}, column ${column}: ${message}`,
  );
  const fix = shown.find((problem) => problem.fix !== undefined)?.fix;
  const mce = shown.flatMap((problem) => problem.mce ?? []);
  return {
    code: "QUERY_FAILED",
    title: "The query cannot be run",
    detail: clip(lines.join("\n") || "The columns of the result cannot be determined from the query's text", 4000),
    ...(fix === undefined ? {} : { fix: clip(fix, 1000) }),
    ...mceText(mce.join("\n")),
  };
}

/** The run has reached its deadline (R9). */
export function timedOut({ target }: Pick<RunSpec, "target">, runTimeoutMs: number): RunError {
  const minutes = runTimeoutMs / 60_000;
  const time = minutes >= 1 ? `${Math.round(minutes)} minutes` : `${Math.round(runTimeoutMs / 1000)} seconds`;
  const rows = target === undefined ? "its rows are discarded" : `its rows may still reach "${target.customerKey}"`;
  return {
    code: "TIMEOUT",
    title: "The query took too long",
    detail: `Marketing Cloud had not finished ${time} after the start; it may still be finishing, ${rows}`,
    fix: "Read fewer rows, for example a shorter time span, or split the query",
  };
}

/** The query has ended, but its rows can be read neither as a rowset nor by SOAP. @param message MCE's own words, if any */
export function rowsUnreadable(
  where: { name: string } | { target: Target },
  message: string,
  about: About = {},
): RunError {
  const detail =
    "name" in where
      ? `Marketing Cloud has ended the query, but returns its rows neither by REST nor by SOAP. They stay in the Data Extension "${where.name}", in the folder "${folderName}", until this run expires`
      : `Marketing Cloud has ended the query into "${where.target.customerKey}", but does not let this service read that Data Extension`;
  return {
    code: "QUERY_FAILED",
    title: "The query has ended, but its rows cannot be read",
    detail,
    fix: "Look at the rows in Marketing Cloud; check that the connection's installed package has the permission Data Extensions Read (data_extensions_read)",
    ...mceText(masked(message, about)),
  };
}

const unknowns = {
  "perhaps-started":
    "Marketing Cloud's answer to the start of the query was lost, and nothing in Marketing Cloud shows whether it ran",
  ran: "Marketing Cloud's answer to the start of the query was lost: it ran, but nothing shows whether it succeeded",
  unread:
    "Marketing Cloud ran the query, but its status could not be read at the end: nothing shows whether it succeeded",
  taken: "Marketing Cloud accepted the query, but never showed it running and never showed a status for it",
};

/** It is unknown whether the query ran, or how it ended (D4). @param rows what the target's row counts suggest */
export function outcomeUnknown(
  { target }: Pick<RunSpec, "target">,
  known: keyof typeof unknowns,
  rows?: string,
): RunError {
  const why = unknowns[known];
  if (target === undefined) {
    const fix = "Run the query again; anything this run may have made is discarded";
    return { code: "OUTCOME_UNKNOWN", title: "It is unknown how the query ended", detail: why, fix };
  }
  const counts = rows === undefined ? "" : `. ${rows}`;
  return {
    code: "OUTCOME_UNKNOWN",
    title: "It is unknown whether the target was changed",
    detail: `${why}. It was started at most once, so its rows are in "${target.customerKey}" once or not at all${counts}`,
    fix: `Before you run it again, check "${target.customerKey}": count its rows, or look for one that the query returns`,
  };
}
