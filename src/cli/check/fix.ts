import type { Diagnostic, Edit } from "#client/check-types.ts";

/** A text after edits, and how many findings they mend. */
export type Fixed = { text: string; count: number };

/** The edits of a finding as UTF-16 offsets. */
type Span = { start: number; end: number; text: string };

/** Makes the edits of each finding that has some, all of a finding or none: one whose place another has taken waits. */
export function fixed(text: string, diagnostics: readonly Diagnostic[]): Fixed {
  const starts = lineStarts(text);
  const taken: Span[] = [];
  let count = 0;
  for (const { edits = [] } of diagnostics) {
    const spans = edits.map((edit) => spanOf(edit, starts, text.length));
    if (spans.length === 0 || spans.some((span) => taken.some((other) => touch(span, other)))) continue;
    taken.push(...spans);
    count += 1;
  }
  taken.sort((one, other) => other.start - one.start);
  const result = taken.reduce((rest, { start, end, text: to }) => rest.slice(0, start) + to + rest.slice(end), text);
  return { text: result, count };
}

/** Where one of them only puts something in, beside is too near: the order would be a guess. */
function touch(one: Span, other: Span): boolean {
  const isBetween = one.start === one.end || other.start === other.end;
  return isBetween ? one.start <= other.end && other.start <= one.end : one.start < other.end && other.start < one.end;
}

function spanOf({ line, column, endLine, endColumn, text }: Edit, starts: readonly number[], length: number): Span {
  const at = (row: number, place: number) => Math.min(length, (starts[row - 1] ?? length) + place - 1);
  return { start: at(line, column), end: at(endLine, endColumn), text };
}

/** Where each line begins. A line ends as the checks count it: with \n, \r\n or \r. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (const { index, 0: end } of text.matchAll(/\r\n|\n|\r/g)) starts.push(index + end.length);
  return starts;
}
