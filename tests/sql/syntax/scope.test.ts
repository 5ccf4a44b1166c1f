import { describe, expect, it } from "vitest";
import { readQuery } from "#sql/syntax/read-query.ts";
import { scopeAt, type ScopeTable } from "#sql/syntax/scope-at.ts";
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

describe("scopeAt()", () => {
  it.each(halfTyped)("knows what can be named in %j", (text, expected) => expect(scope(text)).toBe(expected));
});
