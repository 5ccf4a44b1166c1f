import { said } from "../lint/said.ts";
import type { Finding, Remark } from "../diagnostic.ts";
import { codePointOf } from "./code-point.ts";
import { matchesOutside } from "./outside.ts";
import type { Lines } from "./positions.ts";
import type { Scan } from "../syntax/scan.ts";
import type { Span } from "../syntax/tree.ts";

/** What the scanner takes for a blank beyond ASCII, as SQL Server does; others on the way there may not. */
const blanks = /[\u0085\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]/g;

const names: Readonly<Record<string, string>> = {
  "\u00a0": "a no-break space",
  "\u200b": "a space of no width",
  "\u202f": "a narrow no-break space",
  "\u3000": "a full-width space",
  "\ufeff": "a byte order mark",
};

/** Blanks that are no plain ones and that nobody sees, outside of strings, names in brackets and comments. */
export function blankFindings(sql: string, scanned: Scan): Finding[] {
  // A text may have thousands of one kind.
  const remarks: Record<string, Remark> = {};
  return matchesOutside(sql, scanned, blanks).map(({ 0: char, index }) => ({
    start: index,
    end: index + 1,
    remark: {
      ...(remarks[char] ??= said("LOOK_ALIKE_BLANK", codePointOf(char), names[char] ?? "an unusual blank")),
      severity: "warning",
      edits: [{ start: index, end: index + 1, text: " " }],
    },
  }));
}

/** The text with plain blanks where those stand: every place stays what it is. */
export function withPlainBlanks(sql: string, found: readonly Span[]): string {
  if (found.length === 0) return sql;
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of found) {
    parts.push(sql.slice(at, start), " ");
    at = end;
  }
  return parts.join("") + sql.slice(at);
}

/** What a run says of the blanks that were changed; nothing where none was. */
export function blankNotes(sql: string, lines: Lines, found: readonly Finding[]): string[] {
  const [first] = found;
  if (first === undefined) return [];
  const { line, column } = lines.at(first.start);
  const name = codePointOf(sql.slice(first.start, first.end));
  const more = found.length === 1 ? "" : ` and ${found.length - 1} more`;
  return [`Plain blanks were written for others: ${name} in line ${line}, column ${column}${more}`];
}
