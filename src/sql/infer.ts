import { at, listAt, nameOf, namesOf, variant } from "./ast.ts";
import { isDataView } from "./data-views.ts";
import { diagnosticAt, type Diagnostic } from "./diagnostic.ts";
import type { OutputColumn, TableField, TableRef } from "./fields.ts";
import { parse } from "./parse.ts";
import { linesOf } from "./positions.ts";
import { queryColumns } from "./query.ts";
import type { Reading } from "./reading.ts";
import { scan } from "./scan.ts";
import { emptyScope, type Column } from "./scope.ts";
import { spliced } from "./splice.ts";
import { tableKey, tableRefOf } from "./tables.ts";
import { fieldOfType } from "./types.ts";

export type { FieldType, OutputColumn, TableField, TableRef } from "./fields.ts";

/** The tables a query reads, or why nobody here can say. */
export type Tables =
  | { kind: "known"; tables: (TableRef & { isDataView: boolean })[] }
  | { kind: "unknown"; why: string };

/** A query's columns and the text to run, which gives exactly these; or why it cannot run; or why nobody here knows. */
export type Inferred =
  | { kind: "inferred"; columns: OutputColumn[]; sql: string; notes: string[] }
  | { kind: "refused"; diagnostics: Diagnostic[] }
  | { kind: "unknown"; why: string };

type OneQuery = { kind: "query"; query: unknown } | { kind: "unknown"; why: string };

function oneQuery(sql: string): OneQuery {
  const parsed = parse(sql);
  if (parsed.kind === "unknown") return parsed;
  if (parsed.kind === "rejected")
    return { kind: "unknown", why: `the query is not understood here: ${parsed.message}` };
  const { tag, body } = variant(parsed.statements[0]);
  if (parsed.statements.length !== 1 || tag !== "Query") return { kind: "unknown", why: "the text is not one SELECT" };
  return { kind: "query", query: body };
}

/** Adds every table below a node, wherever it stands: a walk of the whole tree, so that none is missed. */
function gatherTables(node: unknown, common: ReadonlySet<string>, tables: Map<string, TableRef>): void {
  if (typeof node !== "object" || node === null) return;
  if (Array.isArray(node)) {
    for (const item of node) gatherTables(item, common, tables);
    return;
  }
  const table = at(node, "Table");
  const parts = namesOf(at(table, "name"));
  const isFunction = at(table, "args") !== null && at(table, "args") !== undefined;
  if (parts.length > 0 && !isFunction) {
    const ref = tableRefOf(parts);
    const isCommon = parts.length === 1 && common.has(ref.name.toLowerCase());
    if (!isCommon && !tables.has(tableKey(ref))) tables.set(tableKey(ref), ref);
  }
  for (const child of Object.values(node)) gatherTables(child, common, tables);
}

function commonNames(query: unknown): Set<string> {
  return new Set(
    listAt(at(query, "with"), "cte_tables").map((table) =>
      (nameOf(at(at(table, "alias"), "name"))?.value ?? "").toLowerCase(),
    ),
  );
}

/** Which tables the query reads, anywhere (subqueries, UNION, EXISTS, APPLY), each once in the order met; data views are marked. */
export function tablesOf(sql: string): Tables {
  const one = oneQuery(sql);
  if (one.kind === "unknown") return one;
  const tables = new Map<string, TableRef>();
  gatherTables(one.query, commonNames(one.query), tables);
  return {
    kind: "known",
    tables: [...tables.values()].map((table) => ({ ...table, isDataView: isDataView(table.name) })),
  };
}

function startReading(sql: string, fieldsOf: Reading["fieldsOf"]): Reading {
  return {
    sql,
    tokens: scan(sql).tokens,
    lines: linesOf(sql),
    fieldsOf,
    queryColumns,
    tables: new Map(),
    edits: [],
    notes: [],
    doubts: [],
    openStars: [],
  };
}

function outputColumn({ name, type }: Column, index: number): OutputColumn {
  return { name: name ?? `Column${index + 1}`, ...fieldOfType(type) };
}

function openStarDiagnostics(reading: Reading): Diagnostic[] {
  return reading.openStars.map(({ start, end, relations }) => {
    const names = relations.map(({ alias, table }) => table?.name ?? alias).join(", ");
    return diagnosticAt(reading.lines, start, end, {
      code: "STAR_UNKNOWN",
      severity: "error",
      message:
        names === ""
          ? "Cannot write out *: it stands for no table here"
          : `Cannot write out *: the fields of ${names} are not known`,
      fix: "Name the columns",
    });
  });
}

function assumedNotes(columns: readonly OutputColumn[]): string[] {
  const names = columns.flatMap(({ name, assumed }) => (assumed === true ? [name] : []));
  return names.length === 0 ? [] : [`The type of ${names.join(", ")} is not known here; kept as Text(4000)`];
}

/**
 * The query's output columns, typed as T-SQL would and mapped to the fields a temp DE needs, and the SQL that gives them.
 *
 * The SQL is the given text but for spliced-in names: stars written out, aliases for unnamed and equal columns.
 *
 * @param fieldsOf the fields of a Data Extension; nothing for one nobody knows. Data views are built in, but asked for too:
 *   what the caller knows of one wins.
 * @returns `refused` where no DE can hold the result (a star over unknown fields); `unknown` where the text is not understood
 */
export function inferColumns(sql: string, fieldsOf: (table: TableRef) => readonly TableField[] | undefined): Inferred {
  const one = oneQuery(sql);
  if (one.kind === "unknown") return one;
  const reading = startReading(sql, fieldsOf);
  const { columns, isOpen } = queryColumns(reading, one.query, emptyScope, "output");
  if (isOpen) {
    const diagnostics = openStarDiagnostics(reading);
    return diagnostics.length > 0
      ? { kind: "refused", diagnostics }
      : { kind: "unknown", why: "the columns are not known" };
  }
  const output = columns.map(outputColumn);
  return {
    kind: "inferred",
    columns: output,
    sql: spliced(sql, reading.edits),
    notes: [...reading.notes, ...assumedNotes(output)],
  };
}
