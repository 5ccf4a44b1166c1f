import { clip } from "#lang/clip.ts";
import type { Answer } from "#mce/failure.ts";

/** What Marketing Cloud did with something that was given to it. */
export type Verdict = "taken" | "refused";

/**
 * What a probe found, as far as it was settled. Those with the name of a switch of the sandbox mean the same; times are
 * milliseconds and as exact as the questions were frequent.
 */
export type Findings = {
  localizedRoots?: boolean;
  retention?: Verdict;
  otherScripts?: Verdict;
  sameQueryName?: Verdict;
  absentDeleteCode?: string;
  nameAfterDelete?: Verdict;
  withoutFrom?: Verdict;
  cte?: Verdict;
  leadingParenthesis?: Verdict;
  ownTarget?: Verdict;
  orderWithoutTop?: Verdict;
  soapReasons?: boolean;
  restReasons?: boolean;
  validateAnswers?: boolean;
  validateTakesOrder?: boolean;
  look?: Verdict;
  numbering?: Verdict;
  durationMs?: number;
  statusMissingPolls?: number;
  statusStuck?: boolean;
  statusTakesIn?: boolean;
  statusWithoutKeys?: boolean;
  statusValueLeftOut?: boolean;
  isRunningLateMs?: number;
  isRunningKeyStatus?: number;
  rowsetLateMs?: number;
  rowsetLateStatus?: number;
  /** The HTTP status that every rowset answers; null: rowsets answer. */
  rowsetDown?: number | null;
  rowsVisibleEarly?: boolean;
  rowsetOrderBy?: "honour" | "ignore" | "refuse";
  rowsetFilter?: boolean;
  keylessKeys?: "_customobjectkey" | "empty" | "missing";
  soapRowKey?: Verdict;
  rowsetTokenLifeMs?: number;
  deleteStopsQuery?: boolean;
};

/** One line of the report. `text`: Marketing Cloud's own words; `isOpen`: not settled. */
export type Line = { question: string; answer: string; code?: string; text?: string; isOpen?: true };

/** What is found while the probe goes on. */
export type Book = {
  readonly findings: Findings;
  readonly lines: readonly Line[];
  settle(found: Findings): void;
  note(line: Line): void;
};

/** Opens an empty book. */
export function openBook(): Book {
  const findings: Findings = {};
  const lines: Line[] = [];
  return {
    findings,
    lines,
    settle: (found) => void Object.assign(findings, found),
    note: (line) => void lines.push(line),
  };
}

/** What Marketing Cloud did; undefined when that is not known. */
export function verdictOf(answer: Answer<unknown>): Verdict | undefined {
  if (answer.ok) return "taken";
  return answer.error.kind === "rejected" || answer.error.kind === "forbidden" ? "refused" : undefined;
}

const textMax = 400;

/** A line that says what Marketing Cloud did with something. */
export function lineOf(question: string, answer: Answer<unknown>): Line {
  if (answer.ok) return { question, answer: "taken" };
  const { error } = answer;
  const text = clip(error.message, textMax);
  if (error.kind === "rejected") return { question, answer: "refused", code: error.code, text };
  if (error.kind === "forbidden") return { question, answer: "refused for lack of a permission", text };
  return { question, answer: `not settled (${error.kind})`, text, isOpen: true };
}
