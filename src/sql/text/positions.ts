/** A place in a text: 1-based line and column, the column in UTF-16 units. */
type Position = { line: number; column: number };

/** Finds places in one text; lines end at CR LF, LF or a lone CR. */
export type Lines = {
  /** The place of a UTF-16 offset. */
  at(offset: number): Position;
  /** The UTF-16 offset of a place. */
  offsetOf(position: Position): number;
};

/** How many of some numbers, which ascend, are at most `most`. */
function countUpTo(numbers: readonly number[], most: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) <= most) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The line finder of a text; its lines are looked up once. */
export function linesOf(sql: string): Lines {
  const starts = [0];
  for (const { 0: end, index } of sql.matchAll(/\r\n|\n|\r/g)) starts.push(index + end.length);
  return {
    at(offset) {
      const line = Math.max(1, countUpTo(starts, offset));
      return { line, column: offset - (starts[line - 1] ?? 0) + 1 };
    },
    offsetOf: ({ line, column }) => (starts[line - 1] ?? 0) + column - 1,
  };
}
