import type { Cell, Column } from "#client/result-page.ts";
import { shown, isNumeric } from "./show.ts";

/** A rectangle of rows to copy. */
export type Copied = { columns: readonly Column[]; rows: readonly (readonly Cell[])[] };

/** A value as other programs read it: null is nothing. */
function plain(value: Cell, column: Column): string {
  return value === null ? "" : shown(value, column);
}

/** Rows as spreadsheets paste them, with the names of the columns above if wanted. */
export function tabSeparated({ columns, rows }: Copied, hasHeader: boolean): string {
  const quoted = (text: string) => (/[\t\r\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const head = hasHeader ? [columns.map(({ name }) => quoted(name)).join("\t")] : [];
  const lines = rows.map((row) => columns.map((column, index) => quoted(plain(row[index] ?? null, column))).join("\t"));
  return [...head, ...lines].join("\n");
}

/** Rows as a table of Markdown. */
export function markdown({ columns, rows }: Copied): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("\\", "\\\\").replaceAll("|", "\\|").replaceAll(/\r?\n/g, "<br>")).join(" | ")} |`;
  return [
    line(columns.map(({ name }) => name)),
    `|${columns.map((column) => (isNumeric(column) ? " ---: " : " --- ")).join("|")}|`,
    ...rows.map((row) => line(columns.map((column, index) => plain(row[index] ?? null, column)))),
  ].join("\n");
}

/** The values of a rectangle as a list for `IN`: each once, without null, which IN never finds. */
export function inList({ columns, rows }: Copied): string {
  const values = columns.flatMap((column, index) =>
    rows.flatMap((row) => {
      const value = row[index] ?? null;
      return value === null ? [] : [literal(value, column)];
    }),
  );
  return `IN (${[...new Set(values)].join(", ")})`;
}

function literal(value: Exclude<Cell, null>, column: Column): string {
  if (typeof value === "boolean") return value ? "1" : "0";
  // A Decimal of many digits is text to us, a number to Marketing Cloud.
  if (isNumeric(column)) return plain(value, column);
  const text = String(value).replaceAll("'", "''");
  return column.type === "Date" ? `'${text.replace("T", " ").replace(/(?:Z|[+-]\d\d:\d\d)$/, "")}'` : `'${text}'`;
}
