import type { MceFailure } from "#mce/failure.ts";
import { scopesText } from "#mce/scopes.ts";
import type { Ending } from "../ending.ts";
import { explain } from "../run/failures.ts";
import type { Question } from "../verdict/signals.ts";

type Forbidden = MceFailure & { kind: "forbidden" };

/** The questions that MCE forbids this connection to ask, with its refusal; they are not asked again. */
export type RefusedQuestions = Map<Question, Forbidden>;

/** The refusal after which a query cannot be followed; undefined while the other question is allowed. */
export function fatalRefusal(refused: RefusedQuestions, isTaskKnown: boolean): Forbidden | undefined {
  return refused.has("row") || !isTaskKnown ? refused.get("isRunning") : undefined;
}

/** Notes for the user of a result about the questions that could not be asked. */
export function refusalNotes(refused: RefusedQuestions): string[] {
  return [...refused].map(([question, { needs }]) => {
    const what = question === "row" ? "read the status of its queries" : "ask whether a query runs";
    const lack = needs === undefined ? "a permission is missing" : `it needs ${scopesText(needs)}`;
    const end = question === "row" ? "that it has stopped running" : "its status";
    return `Marketing Cloud does not let this connection ${what} (${lack}): the end of this query was recognized by ${end} alone`;
  });
}

/** Adds the refusal to the ending of a run whose end could not be determined because of it. */
export function withRefusal(refused: RefusedQuestions, ending: Ending): Ending {
  const [failure] = refused.values();
  if (failure === undefined || ending.kind !== "failed") return ending;
  const error = explain(failure, "following the query");
  if (ending.error.code === "TIMEOUT") return { ...ending, error };
  if (ending.error.code !== "OUTCOME_UNKNOWN") return ending;
  const fix = [ending.error.fix, error.fix].filter((text) => text !== undefined).join(". ");
  return { ...ending, error: { ...ending.error, detail: `${ending.error.detail}. ${error.detail}`, fix } };
}
