import type { Cell } from "#client/result-page.ts";
import { write, type Terminal } from "../terminal.ts";
import { markdown } from "./markdown.ts";
import { textTable, type Grid } from "./text-table.ts";

/** How data is printed. */
export const formats = ["table", "json", "ndjson", "md"] as const;
export type Format = (typeof formats)[number];

/** What a command prints: the API's answer, and the same as a grid. */
export type Printed = { answer: unknown; grid: Grid };

/** Prints data on stdout: a table on a terminal, one JSON object a line in a pipe, unless a format is chosen. */
export async function print(
  terminal: Pick<Terminal, "stdout">,
  { answer, grid }: Printed,
  chosen?: Format,
): Promise<void> {
  const format = chosen ?? (terminal.stdout.isTTY ? "table" : "ndjson");
  const lines = format === "json" ? [JSON.stringify(answer, null, 2)] : linesOf(grid, format);
  if (lines.length > 0) await write(terminal.stdout, `${lines.join("\n")}\n`);
}

function linesOf(grid: Grid, format: Exclude<Format, "json">): string[] {
  if (format === "table") return textTable(grid);
  if (format === "md") return markdown(grid);
  const names = grid.columns.map(({ name }) => name);
  return grid.rows.map((row) => JSON.stringify(Object.fromEntries(names.map((name, at) => [name, row[at] ?? null]))));
}

/** Entries of a list as a grid: the members to show, in their order. */
export function gridOf<T>(
  entries: readonly T[],
  members: Readonly<Record<string, (entry: T) => Cell | undefined>>,
): Grid {
  const rows = entries.map((entry) => Object.values(members).map((read) => read(entry) ?? null));
  const columns = Object.keys(members).map((name, at) => {
    const values = rows.flatMap((row) => row[at] ?? []);
    const isNumber = values.length > 0 && values.every((value) => typeof value === "number");
    return { name, type: isNumber ? "Number" : "Text" };
  });
  return { columns, rows };
}
