import { operations, type Operation } from "./rules.ts";
import { callers, type Cell, type Matrix } from "./matrix.ts";

const letters: Record<Operation, string> = {
  select: "S",
  insert: "I",
  update: "U",
  delete: "D",
  give: "G",
  truncate: "T",
};

/** The matrix as a page of text. */
export function printed({ tables, cells, functions, holes }: Matrix): string {
  const head = ["table", ...callers.map(({ name }) => name)];
  const rows = tables.map((table) => [
    table,
    ...callers.map(({ name }) => lettersOf(cells.filter((it) => it.table === table && it.caller === name))),
  ]);
  const called = functions.map(({ name, callers: some, isProbed, holes: wrong }) => [
    `${name}()`,
    some.join(", ") || "other functions alone",
    isProbed ? "nothing" : "(not asked)",
    wrong.length === 0 ? "holds" : "HOLE",
  ]);
  return [
    ...lined([head, ...rows]),
    "",
    "What of the victim's rows was reached: S select, I insert, U update, D delete, G give it rows of one's own, T truncate.",
    "A small letter: Postgres refuses it. A dot: it is done, and reaches none of them. !: that is a hole.",
    "",
    ...lined([["SECURITY DEFINER", "called by", "tells of another tenant", ""], ...called]),
    "",
    `${cells.length} attempts: ${tables.length} tables, ${callers.length} callers, ${operations.length} operations; ${functions.length} functions; holes: ${holes.length}`,
    ...holes.map((hole) => `HOLE ${hole}`),
  ].join("\n");
}

function lettersOf(cells: readonly Cell[]): string {
  return cells
    .map(({ operation, attempt, hole }) => {
      const letter = letters[operation];
      const shown = "refused" in attempt ? letter.toLowerCase() : attempt.reached > 0 ? letter : "·";
      return hole === undefined ? shown : `${shown}!`;
    })
    .join("");
}

function lined(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? "").length)));
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
