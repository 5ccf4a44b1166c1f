import { given } from "#lang/given.ts";
import type { Edit } from "./read/reading.ts";
import type { Lines } from "./text/positions.ts";

/** An error fails in MCE for certain, a warning may; `info` is worth knowing of a query that runs. */
export type Severity = "error" | "warning" | "info";

/** A piece of the user's text to write otherwise: places as a diagnostic's; `text` replaces what stands there. */
export type TextEdit = { line: number; column: number; endLine: number; endColumn: number; text: string };

/** Something to say about a place in the user's SQL: 1-based lines and columns, columns in UTF-16 units, end exclusive. */
export type Diagnostic = {
  code: string;
  severity?: Severity;
  message: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  /** What to do about it, in words. */
  fix?: string;
  /** The same as changes of the text, where there is one answer: all of them together. */
  edits?: TextEdit[];
  /** MCE's own words about it, row values masked (R13). */
  mce?: string;
};

/** What a diagnostic says, before its place is known. */
export type Remark = { code: string; severity?: Severity; message: string; fix?: string; edits?: readonly Edit[] };

/** A message names what it is about, and a name in a text may have any length. */
const maxWords = 500;

function clipped(words: string): string {
  return words.length <= maxWords ? words : `${words.slice(0, maxWords - 1)}…`;
}

/** A diagnostic over the UTF-16 offsets [start, end) of the text the lines belong to. */
export function diagnosticAt(lines: Lines, start: number, end: number, remark: Remark): Diagnostic {
  const from = lines.at(start);
  const to = lines.at(Math.max(start, end));
  const { fix, edits, ...rest } = remark;
  return {
    ...rest,
    message: clipped(remark.message),
    line: from.line,
    column: from.column,
    endLine: to.line,
    endColumn: to.column,
    ...given({ fix: fix && clipped(fix), edits: edits?.map((edit) => placedEdit(lines, edit)) }),
  };
}

/** An edit by lines and columns. */
export function placedEdit(lines: Lines, { start, end, text }: Edit): TextEdit {
  const from = lines.at(start);
  const to = lines.at(end);
  return { line: from.line, column: from.column, endLine: to.line, endColumn: to.column, text };
}

/** A remark on the UTF-16 offsets [start, end) of a text. */
export type Finding = { start: number; end: number; remark: Remark };

/** Whether a diagnostic, or what a finding says, is a reason against running the query. */
export function isError({ severity = "error" }: { severity?: Severity }): boolean {
  return severity === "error";
}

const ranks: readonly Severity[] = ["error", "warning", "info"];

/**
 * Findings as diagnostics, in the order of their places; an error unless the remark says otherwise.
 *
 * @param max no more than these: errors before warnings, those before the rest
 */
export function diagnosticsOf(lines: Lines, findings: readonly Finding[], max = findings.length): Diagnostic[] {
  const placed = [...findings].sort((one, other) => one.start - other.start);
  const graveFirst = ranks.flatMap((rank) => placed.filter(({ remark: { severity = "error" } }) => severity === rank));
  return graveFirst
    .slice(0, Math.max(0, max))
    .sort((one, other) => one.start - other.start)
    .map(({ start, end, remark }) => diagnosticAt(lines, start, end, { severity: "error", ...remark }));
}
