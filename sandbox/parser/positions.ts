/** A place in a text: 1-based line and column, the column in UTF-16 units. */
type Position = { line: number; column: number };

/** Finds places in one text; lines end at CR LF, LF or a lone CR. */
export type Lines = {
  /** The place of a UTF-16 offset. */
  at(offset: number): Position;
  /** The UTF-16 offset of the parser's line and column, which counts code points. */
  offset(line: number, codePointColumn: number): number;
};

/** How many of the first numbers, which ascend, a test is true of. */
function countWhile(numbers: readonly number[], test: (number: number, index: number) => boolean): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(numbers[middle] ?? 0, middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The line finder of a text; lines, and characters of two units, are looked up once. */
export function linesOf(sql: string): Lines {
  const starts = [0];
  for (const { 0: end, index } of sql.matchAll(/\r\n|\n|\r/g)) starts.push(index + end.length);
  const pairs = Array.from(sql.matchAll(/[\ud800-\udbff][\udc00-\udfff]/g), ({ index }) => index);
  return {
    at(offset) {
      const line = Math.max(
        1,
        countWhile(starts, (start) => start <= offset),
      );
      return { line, column: offset - (starts[line - 1] ?? 0) + 1 };
    },
    offset(line, codePointColumn) {
      const start = starts[line - 1] ?? sql.length;
      const points = Math.max(0, codePointColumn - 1);
      const before = countWhile(pairs, (pair) => pair < start);
      // A pair's own code point begins as many units earlier as there are pairs before it.
      const end = countWhile(pairs, (pair, index) => index < before || pair - start - (index - before) < points);
      return Math.min(sql.length, start + points + end - before);
    },
  };
}
