import type { Lines } from "./text/positions.ts";

/** Something to say about a place in the user's SQL: 1-based lines and columns, columns in UTF-16 units, end exclusive. */
export type Diagnostic = {
  code: string;
  severity?: "error" | "warning";
  message: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  /** What to do about it, in words. */
  fix?: string;
  /** MCE's own words about it, row values masked (R13). */
  mce?: string;
};

/** What a diagnostic says, before its place is known. */
export type Remark = { code: string; severity?: "error" | "warning"; message: string; fix?: string };

/** A message names what it is about, and a name in a text may have any length. */
const maxWords = 500;

function clipped(words: string): string {
  return words.length <= maxWords ? words : `${words.slice(0, maxWords - 1)}…`;
}

/** A diagnostic over the UTF-16 offsets [start, end) of the text the lines belong to. */
export function diagnosticAt(lines: Lines, start: number, end: number, remark: Remark): Diagnostic {
  const from = lines.at(start);
  const to = lines.at(Math.max(start, end));
  const { fix } = remark;
  const words = { message: clipped(remark.message), ...(fix === undefined ? {} : { fix: clipped(fix) }) };
  return { ...remark, ...words, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}

/** A remark on the UTF-16 offsets [start, end) of a text. */
export type Finding = { start: number; end: number; remark: Remark };

/** Whether a finding is no reason against running the query. */
export function isWarning({ remark }: Finding): boolean {
  return remark.severity === "warning";
}

/**
 * Findings as diagnostics, in the order of their places; an error unless the remark says otherwise.
 *
 * @param max no more than these: errors before warnings
 */
export function diagnosticsOf(lines: Lines, findings: readonly Finding[], max = findings.length): Diagnostic[] {
  const placed = [...findings].sort((one, other) => one.start - other.start);
  const errors = placed.filter((finding) => !isWarning(finding)).slice(0, max);
  const warnings = placed.filter(isWarning).slice(0, max - errors.length);
  return [...errors, ...warnings]
    .sort((one, other) => one.start - other.start)
    .map(({ start, end, remark }) => diagnosticAt(lines, start, end, { severity: "error", ...remark }));
}
