import { describe, expect, it } from "vitest";
import { readQuery, type QueryReading } from "#sql/syntax/read-query.ts";
import { scopeAt, type ScopeTable } from "#sql/syntax/scope-at.ts";
import { generated, openDice } from "./support/generate.ts";
import { halfTyped } from "./support/half-typed.ts";
import { shownName } from "./support/print.ts";

function shownNames({ names, isOpen }: Pick<ScopeTable, "names" | "isOpen">): string {
  return `(${[...names.map((name) => name ?? "?"), ...(isOpen ? ["*"] : [])].join(", ")})`;
}

function shownTable({ alias, table, ...names }: ScopeTable): string {
  const own = table?.map(({ value }) => shownName(value)).join(".");
  const isSame = table?.at(-1)?.value === alias;
  const columns = table !== undefined && names.isOpen ? "" : shownNames(names);
  return `${alias === "" ? "" : shownName(alias)}${own === undefined || isSame ? "" : `=${own}`}${columns}`;
}

/** What can be named at the caret of a text, in one line. */
function scope(text: string): string {
  const offset = text.indexOf("¦");
  const { clause, levels, commonTables, aliases } = scopeAt(readQuery(text.replace("¦", "")), offset);
  const tables = levels.map((level) => level.map(shownTable).join(" ")).join(" < ");
  return [
    `${clause}:`,
    tables.trim(),
    commonTables.length === 0
      ? ""
      : `with ${commonTables.map(({ name, names }) => name + shownNames(names)).join(" ")}`,
    aliases.length === 0 ? "" : `as ${aliases.join(", ")}`,
  ]
    .filter((part) => part !== "")
    .join(" ");
}

/** The clause at a place and the tables of its query. */
function place(reading: QueryReading, offset: number): string {
  const { clause, levels } = scopeAt(reading, offset);
  return `${clause}: ${(levels[0] ?? []).map(shownTable).join(" ")}`;
}

const behindFrom = /^(?:ON|WHERE|GROUP BY|HAVING|ORDER BY):/;

describe("scopeAt()", () => {
  it("knows behind FROM what the whole text tells, wherever the text ends", () => {
    const dice = openDice(77);
    let count = 0;
    for (let index = 0; index < 150; index += 1) {
      const { sql } = generated(dice);
      const whole = readQuery(sql);
      for (const { end, upper } of whole.tokens) {
        // In `GROUP` without BY another clause begins; behind a parenthesis so may a query.
        if (sql[end] !== " " || upper === "GROUP" || upper === "ORDER" || upper === "(") continue;
        const expected = place(whole, end + 1);
        if (!behindFrom.test(expected)) continue;
        expect(place(readQuery(sql.slice(0, end + 1)), end + 1), sql.slice(0, end)).toBe(expected);
        count += 1;
      }
    }
    expect(count).toBeGreaterThan(1500);
  });

  it.each(halfTyped)("knows what can be named in %j", (text, expected) => expect(scope(text)).toBe(expected));
});
