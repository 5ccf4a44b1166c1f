import type { MceFailure } from "#mce/failure.ts";
import { maskValues, shownMessage } from "#mce/mask.ts";
import { scopesText } from "#mce/scopes.ts";
import type { RunSpec } from "#protocol/claim.ts";
import { folderName } from "#run/names.ts";
import type { RunError } from "#protocol/run-error.ts";
import type { Target } from "#protocol/target.ts";
import type { SqlError } from "#sql/error-entry.ts";
import { explainSqlError, isAboutMce } from "#sql/error-catalogue.ts";
import { ownWords } from "#sql/text/own-words.ts";
import { refusalWords, type Doing } from "./refusal-words.ts";

/** What MCE's message may repeat: the query's words outside its literals, and the names of its columns (R13). */
export type About = { sql?: string; columns?: readonly { name: string }[] };

/** Explains a failed call to the user (R7); row values in MCE's text are masked (R13). */
export function explain(failure: MceFailure, doing: Doing, about: About = {}): RunError {
  const shown = shownMessage(failure, textOf(about));
  const mce = said(shown);
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
        detail: `Marketing Cloud refused for lack of a permission while ${doing}${neededFor(failure)}`,
        fix: `Give the connection's installed package ${missing(failure)}, then connect again; it may take 10 minutes to count`,
        ...mce,
      };
    case "rejected":
      return refused(shown, doing);
  }
}

function neededFor({ needs }: MceFailure & { kind: "forbidden" }): string {
  return needs === undefined ? "" : `. This needs ${scopesText(needs)}`;
}

function missing({ needs }: MceFailure & { kind: "forbidden" }): string {
  return needs === undefined ? "the missing permission" : `the permissions ${scopesText(needs)}`;
}

/** No word of MCE's: nothing at all, a bare status, or a sentence of ours in its place. */
const noWord = /^(?:MCE gives no reason|MCE refuses (?:AUTH|REST|SOAP) [\w ]+|(?:has )?errors?\W*)?$/i;

/**
 * A refusal in MCE's words: what they mean, else whose call was refused. Only the query's own create speaks of the query;
 * a refusal without a reason, or with an exception of MCE's for one, blames nothing.
 *
 * @param shown MCE's words, masked
 */
function refused(shown: string, doing: Doing): RunError {
  const known = doing === "creating the query" || isAboutMce(shown) ? explainSqlError(shown) : undefined;
  const isWordless = noWord.test(shown.trim());
  const isMute = isWordless || known?.code === "MCE_EXCEPTION";
  const { why, ...words } = refusalWords(doing, isMute);
  return {
    code: "QUERY_FAILED",
    ...words,
    detail: `Marketing Cloud refused while ${doing}${why}`,
    ...(known === undefined || isMute ? {} : toldBy(known)),
    ...(isWordless ? {} : said(shown)),
  };
}

/** The error of a query that MCE began and ended with an error; SQL Server's usual complaints are explained (MCE 8.6). */
export function queryFailed({ target, ...about }: Pick<RunSpec, "target"> & About, message: string): RunError {
  const shown = maskValues(message, textOf(about));
  const known = explainSqlError(shown);
  const told = {
    title: "The query failed in Marketing Cloud",
    detail:
      shown.trim() === ""
        ? "Marketing Cloud ran the query and ended it with an error, without a reason"
        : "Marketing Cloud ran the query and ended it with an error",
    ...(known === undefined ? {} : toldBy(known)),
  };
  const detail = target === undefined ? told.detail : `${told.detail}. ${leftBehind(target)}`;
  return { code: "QUERY_FAILED", ...told, detail, ...said(shown) };
}

/** Sources differ on what a failed run leaves behind (MCE 8.1): neither "nothing" nor "all" may be promised. */
function leftBehind({ customerKey, mode }: Target): string {
  return mode === "overwrite"
    ? `"${customerKey}" is perhaps empty now: Marketing Cloud empties it before it runs the query`
    : `"${customerKey}" may have got some of the rows`;
}

/** The catalogue's words, with the name the message speaks of. */
function toldBy({ title, meaning, advice, name }: SqlError): Pick<RunError, "title" | "detail" | "fix"> {
  const about = name === undefined || name.includes("…") ? "" : `${clip(name, 128)}: `;
  return { title, detail: about + meaning, fix: advice };
}

/**
 * The query cannot be run because of its own text; warnings are told only when nothing worse is known.
 *
 * @param problems MCE's words in them are masked already
 */
export function cannotRun(
  problems: readonly {
    message: string;
    severity?: "error" | "warning";
    line?: number;
    column?: number;
    fix?: string;
    mce?: string;
  }[],
): RunError {
  const errors = problems.filter(({ severity }) => severity !== "warning");
  const told = errors.length > 0 ? errors : problems;
  const lines = told.map(({ message, line, column }) =>
    line === undefined ? message : `Line ${line}, column ${column}: ${message}`,
  );
  const fix = told.find((problem) => problem.fix !== undefined)?.fix;
  const mce = told.flatMap((problem) => problem.mce ?? []);
  return {
    code: "QUERY_FAILED",
    title: "The query cannot be run",
    detail: clip(lines.join("\n") || "The result's columns cannot be told from the query's text", 4000),
    ...(fix === undefined ? {} : { fix: clip(fix, 1000) }),
    ...said(mce.join("\n")),
  };
}

/** The run's time is over (R9). */
export function timedOut({ target }: Pick<RunSpec, "target">, runTimeoutMs: number): RunError {
  const minutes = runTimeoutMs / 60_000;
  const time = minutes >= 1 ? `${Math.round(minutes)} minutes` : `${Math.round(runTimeoutMs / 1000)} seconds`;
  const rows = target === undefined ? "its rows are discarded" : `its rows may still come into "${target.customerKey}"`;
  return {
    code: "TIMEOUT",
    title: "The query took too long",
    detail: `Marketing Cloud had not finished ${time} after the start; it may still be finishing, ${rows}`,
    fix: "Read fewer rows, for example a shorter time span, or split the query",
  };
}

/** The query has ended, but its rows can be read neither as a rowset nor by SOAP. @param message MCE's own words, where it has any */
export function rowsUnreadable(
  where: { name: string } | { target: Target },
  message: string,
  about: About = {},
): RunError {
  const detail =
    "name" in where
      ? `Marketing Cloud has ended the query, but gives this service its rows neither by REST nor by SOAP. They stay in the Data Extension "${where.name}", in the folder "${folderName}", until this run expires`
      : `Marketing Cloud has ended the query into "${where.target.customerKey}", but does not let this service look at that Data Extension`;
  return {
    code: "QUERY_FAILED",
    title: "The query has ended, its rows cannot be read",
    detail,
    fix: "Look at the rows in Marketing Cloud; check that the connection's installed package has the permission Data Extensions Read (data_extensions_read)",
    ...said(maskValues(message, textOf(about))),
  };
}

const unknowns = {
  "perhaps-started":
    "Marketing Cloud's answer to the start of the query was lost, and nothing it shows now tells whether it ran",
  ran: "Marketing Cloud's answer to the start of the query was lost: it ran, but nothing tells whether it ended well",
  unread:
    "Marketing Cloud ran the query, but its status could not be read when it had ended: nothing tells whether it ended well",
  taken: "Marketing Cloud took the query, but never showed it running or a status of it",
};

/** Nobody can tell whether the query ran, or how it ended (D4). @param rows what the target's row counts tell */
export function outcomeUnknown(
  { target }: Pick<RunSpec, "target">,
  known: keyof typeof unknowns,
  rows?: string,
): RunError {
  const why = unknowns[known];
  if (target === undefined) {
    const fix = "Run the query again; what this run may have made is discarded";
    return { code: "OUTCOME_UNKNOWN", title: "Nobody can tell how the query ended", detail: why, fix };
  }
  return {
    code: "OUTCOME_UNKNOWN",
    title: "Nobody can tell whether the target was changed",
    detail: `${why}. It was started at most once, so its rows are in "${target.customerKey}" once or not at all${rows === undefined ? "" : `. ${rows}`}`,
    fix: `Before you run it again, look into "${target.customerKey}": count its rows, or look for one the query gives`,
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

function textOf({ sql = "", columns = [] }: About) {
  const names = columns.map(({ name }) => name);
  return ownWords(sql, names);
}

/** MCE's text for the `mce` field: masked already, within its limit, absent when empty. */
function said(shown: string): { mce?: string } {
  const text = clip(shown.trim(), 4000);
  return text === "" ? {} : { mce: text };
}

/** A text within the length a field of a RunError takes. */
export function clip(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}
