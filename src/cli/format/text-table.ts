import stringWidth from "string-width";
import type { Cell, Column } from "#client/result-page.ts";
import { visible } from "./visible.ts";

/** Columns by name and type, and the rows to show under them. */
export type Grid = { columns: readonly Pick<Column, "name" | "type">[]; rows: readonly (readonly Cell[])[] };

/** Prints rows as lines of aligned columns: head, rule, rows; numbers to the right, null as a dash. Wide signs count as two. */
export function textTable({ columns, rows }: Grid): string[] {
  const heads = columns.map(({ name }) => visible(name));
  const cells = rows.map((row) => row.map((cell) => (cell === null ? "–" : visible(String(cell)))));
  const widths = heads.map((head, index) => widest([head, ...cells.map((row) => row[index] ?? "")]));
  const isNumber = columns.map(({ type }) => type === "Number" || type === "Decimal");
  const line = (words: readonly string[]) =>
    words
      .map((word, index) => {
        const blanks = " ".repeat(Math.max(0, (widths[index] ?? 0) - stringWidth(word)));
        return isNumber[index] ? blanks + word : word + blanks;
      })
      .join("  ")
      .trimEnd();
  return [line(heads), widths.map((width) => "─".repeat(width)).join("  "), ...cells.map(line)];
}

function widest(words: readonly string[]): number {
  return words.reduce((width, word) => Math.max(width, stringWidth(word)), 0);
}
