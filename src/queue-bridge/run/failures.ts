import type { MceFailure } from "#mce/failure.ts";
import { shownMessage } from "#mce/mask.ts";
import { scopesText } from "#mce/scopes.ts";
import type { RunError } from "#protocol/run-error.ts";
import { explainSqlError, isAboutMce } from "#sql/error-catalogue.ts";
import { catalogueText, mceText, wordsOf, type About } from "./error-text.ts";
import { refusalWords, type Doing } from "./refusal-words.ts";

/** Explains a failed call to the user (R7); row values in MCE's text are masked (R13). */
export function explain(failure: MceFailure, doing: Doing, about: About = {}): RunError {
  const shown = shownMessage(failure, wordsOf(about));
  const mce = mceText(shown);
  switch (failure.kind) {
    case "throttled":
      return {
        code: "MCE_UNAVAILABLE",
        title: "Marketing Cloud is busy",
        detail: `Marketing Cloud kept refusing calls, because there were too many, while ${doing}`,
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
        detail: `Marketing Cloud refused because a permission is missing while ${doing}${neededFor(failure)}`,
        fix: `Give the connection's installed package ${missing(failure)}, then connect again; this can take 10 minutes to take effect`,
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

/** MCE gave no reason: nothing at all, a bare status, or a sentence of ours in its place. */
const wordless = /^(?:MCE gives no reason|MCE refuses (?:AUTH|REST|SOAP) [\w ]+|(?:has )?errors?\W*)?$/i;

/**
 * Explains a refusal by MCE's words, else by the call that was refused. Only the create of the query itself may blame the
 * query; a refusal without a reason, or with an exception of MCE's instead, blames nothing.
 *
 * @param shown MCE's words, masked
 */
function refused(shown: string, doing: Doing): RunError {
  const known = doing === "creating the query" || isAboutMce(shown) ? explainSqlError(shown) : undefined;
  const isWordless = wordless.test(shown.trim());
  const isMute = isWordless || known?.code === "MCE_EXCEPTION";
  const { why, ...words } = refusalWords(doing, isMute);
  return {
    code: "QUERY_FAILED",
    ...words,
    detail: `Marketing Cloud refused while ${doing}${why}`,
    ...(known === undefined || isMute ? {} : catalogueText(known)),
    ...(isWordless ? {} : mceText(shown)),
  };
}

/** The connection of the run no longer exists. */
export function connectionGone(): RunError {
  return {
    code: "REAUTH_REQUIRED",
    title: "The connection to Marketing Cloud is gone",
    detail: "The connection this run was accepted with no longer exists, or is not valid for this business unit",
    fix: "Connect to Marketing Cloud again, then run the query again",
  };
}

/** A fault of ours; `detail` must not expose internals. */
export function internal(detail: string): RunError {
  return {
    code: "INTERNAL",
    title: "An internal error ended the run",
    detail,
    fix: "Run the query again; if it happens again, give the operator the run's id",
  };
}
