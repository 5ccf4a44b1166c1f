import type { DemoPage } from "./api.ts";

/** Prints a page as lines of aligned columns: head, rule, rows; numbers to the right, null as a dash. */
export function table({ columns, rows }: Pick<DemoPage, "columns" | "rows">): string[] {
  const cells = rows.map((row) => row.map((cell) => (cell === null ? "–" : String(cell))));
  const widths = columns.map(({ name }, index) =>
    Math.max(name.length, ...cells.map((row) => row[index]?.length ?? 0)),
  );
  const isNumber = columns.map(({ type }) => type === "Number" || type === "Decimal");
  const line = (words: readonly string[]) =>
    words
      .map((word, index) => (isNumber[index] ? word.padStart(widths[index] ?? 0) : word.padEnd(widths[index] ?? 0)))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "─".repeat(width));
  return [line(columns.map(({ name }) => name)), rule.join("  "), ...cells.map(line)];
}
