import type { Grid } from "./text-table.ts";

/** Prints rows as a table of Markdown; null is an empty cell. */
export function markdown({ columns, rows }: Grid): string[] {
  const line = (words: readonly string[]) => `| ${words.join(" | ")} |`;
  const rule = columns.map(({ type }) => (type === "Number" || type === "Decimal" ? "--:" : "---"));
  const body = rows.map((row) => line(row.map((cell) => (cell === null ? "" : inCell(String(cell))))));
  return [line(columns.map(({ name }) => inCell(name))), line(rule), ...body];
}

/** A cell is one line, and every sign that Markdown or HTML would read is text. */
function inCell(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replace(/[\\`*_[\]|]/g, "\\$&")
    .replace(/\r\n?|\n/g, "<br>");
}
