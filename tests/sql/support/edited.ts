import type { TextEdit } from "#sql/diagnostic.ts";

/** The offset of a place given by line and column. */
function offsetOf(sql: string, line: number, column: number): number {
  const starts = [0, ...Array.from(sql.matchAll(/\r\n|\n|\r/g), ({ 0: end, index }) => index + end.length)];
  return (starts[line - 1] ?? sql.length) + column - 1;
}

/** A text with the edits of a diagnostic made, as an editor makes them. */
export function editedBy(sql: string, edits: readonly TextEdit[]): string {
  const placed = edits.map(({ line, column, endLine, endColumn, text }) => ({
    start: offsetOf(sql, line, column),
    end: offsetOf(sql, endLine, endColumn),
    text,
  }));
  return placed
    .sort((one, other) => other.start - one.start)
    .reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), sql);
}
