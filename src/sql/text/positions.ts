/** A place in a text: 1-based line and column, the column in UTF-16 units. */
export type Position = { line: number; column: number };

/** Finds places in one text; lines end at CR LF, LF or a lone CR. */
export type Lines = {
  /** The place of a UTF-16 offset. */
  at(offset: number): Position;
  /** The UTF-16 offset of the parser's line and column, which counts code points. */
  offset(line: number, codePointColumn: number): number;
};

/** The line finder of a text; the lines are looked up once. */
export function linesOf(sql: string): Lines {
  const starts = [0];
  for (const { 0: end, index } of sql.matchAll(/\r\n|\n|\r/g)) starts.push(index + end.length);
  return {
    at(offset) {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] ?? 0) <= offset) low = middle;
        else high = middle - 1;
      }
      return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
    },
    offset(line, codePointColumn) {
      let at = starts[line - 1] ?? sql.length;
      for (let left = codePointColumn - 1; left > 0 && at < sql.length; left -= 1) {
        at += (sql.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
      }
      return at;
    },
  };
}
