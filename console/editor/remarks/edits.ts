import type { Diagnostic, Edit } from "#client/check-types.ts";

/** A change of a text by offsets, as the editor takes it. */
export type Change = { from: number; to: number; insert: string };

/** Finds the offset of a line and column, both from 1; places behind the end are the end. */
export function offsetAt(sql: string): (line: number, column: number) => number {
  const starts = [0];
  for (const { index, 0: end } of sql.matchAll(/\r\n|\r|\n/g)) starts.push(index + end.length);
  return (line, column) => {
    const start = starts[line - 1] ?? sql.length;
    const end = starts[line] ?? sql.length + 1;
    return Math.min(start + column - 1, Math.max(start, end - 1), sql.length);
  };
}

/** The edits of a remark as changes of its text. */
export function changesOf(sql: string, edits: readonly Edit[]): Change[] {
  const at = offsetAt(sql);
  return edits.map(({ line, column, endLine, endColumn, text }) => ({
    from: at(line, column),
    to: at(endLine, endColumn),
    insert: text,
  }));
}

/** The changes of all remarks that can be made together: of two that touch the same place the first. */
export function allChanges(sql: string, diagnostics: readonly Diagnostic[]): Change[] {
  const made: Change[] = [];
  for (const { edits = [] } of diagnostics) {
    const changes = changesOf(sql, edits);
    const overlaps = changes.some(({ from, to }) => made.some((other) => from <= other.to && other.from <= to));
    if (!overlaps) made.push(...changes);
  }
  return made.sort((one, other) => one.from - other.from);
}
