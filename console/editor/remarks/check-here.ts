import type { Diagnostic } from "#client/check-types.ts";
import { needFields } from "../../engine/catalogue.ts";
import { listedName, ownNames, readerFields } from "../../reader/known-tables.ts";
import type { Reader } from "../../reader/load-reader.ts";
import { parameterNames, parametersOf } from "../../run/parameters.ts";
import type { Findings, Tab } from "../../state/tab.ts";

/** Checks a text in this page, with the fields that are known; asks for those that are not. */
export function checkHere({ check, readText, tablesToAsk, withParameters, placedIn }: Reader, tab: Tab): Findings {
  const { sql } = tab;
  const stands = withValues(sql, tab, withParameters);
  const asked = tablesToAsk(readText(stands.sql));
  for (const table of asked) needFields(listedName(table));
  const { diagnostics, columns, notes } = check(stands.sql, readerFields, { tableNames: ownNames(), now: Date.now() });
  const isComplete = asked.every((table) => readerFields(table) !== undefined);
  const placed = stands.written === undefined ? diagnostics : placedIn(sql, stands.written, diagnostics);
  return {
    sql,
    diagnostics: [...stands.diagnostics, ...(isComplete ? placed : placed.filter(isSureWithoutFields))],
    columns: columns.map(({ fieldType, ...column }) => ({ ...column, type: fieldType })),
    notes,
    by: "reader",
  };
}

/** What does not depend on fields that are still being read. */
function isSureWithoutFields({ code }: Diagnostic): boolean {
  return code !== "STAR_UNKNOWN" && code !== "WIDE_ROW" && code !== "UNKNOWN_TABLE" && code !== "UNKNOWN_COLUMN";
}

type Stands = {
  sql: string;
  written?: Parameters<Reader["placedIn"]>[1];
  diagnostics: readonly Diagnostic[];
};

/** The text with something in place of its parameters; values that are missing are no mistake while somebody types. */
function withValues(sql: string, { parameters }: Tab, withParameters: Reader["withParameters"]): Stands {
  const names = parameterNames(sql);
  if (names.length === 0) return { sql, diagnostics: [] };
  const types = new Map(parametersOf(sql, parameters).map(({ name, type }) => [name, type]));
  const found = withParameters(
    sql,
    names.map((name) => ({ name, literal: literals[types.get(name) ?? "text"] })),
  );
  return found.ok
    ? { sql: found.written.sql, written: found.written, diagnostics: [] }
    : { sql, diagnostics: found.diagnostics };
}

/** A value of each type: the text is only checked, never sent. */
const literals = {
  text: "'x'",
  number: "1",
  decimal: "1.5",
  date: "CAST('2026-01-01' AS datetime)",
  boolean: "CAST(1 AS bit)",
} as const;
