import type { Diagnostic } from "./diagnostic.ts";

/** Warnings that a query runs in spite of, but whose rows are not what was meant. */
const aboutRows = new Set(["VIEW_REACH", "VIEW_JOIN"]);

/** What a check says about the rows to come, in words for whom the rows are shown to. */
export function rowHints(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.flatMap(({ code, line, message, fix }) => {
    if (!aboutRows.has(code)) return [];
    return [`Line ${line}: ${message}${fix === undefined ? "" : `. ${fix}`}`];
  });
}
