import { said } from "./lint/said.ts";
import { isDataView, isToldByMce } from "./data-views.ts";
import { diagnosticsOf, type Diagnostic, type Finding } from "./diagnostic.ts";
import type { OutputColumn, TableField, TableRef } from "./fields.ts";
import { readText, whyFromLost, whyLost, type Query } from "./query.ts";
import { listEdits } from "./read/item-edits.ts";
import { readTree } from "./read/read-tree.ts";
import { nameNotes } from "./read/name-notes.ts";
import { starRoom, type Reading } from "./read/reading.ts";
import type { Column, Columns, Relation } from "./read/scope.ts";
import { tableKey, tableRefOf } from "./read/tables.ts";
import type { Query as Tree } from "./syntax/tree.ts";
import { tablesRead as tablesInTree } from "./syntax/walk.ts";
import { spliced } from "./text/splice.ts";
import { fieldOfType, maxTextLength, unknownType } from "./types/sql-type.ts";

export type { OutputColumn, TableField, TableRef } from "./fields.ts";

/** A table a query reads; MCE need not be asked for the fields of a data view. */
export type QueryTable = TableRef & { isDataView: boolean };

/**
 * The tables a query reads, or why nobody here can say; `assumed` when the text is not understood in
 * full: one may be no table, and who must not miss one should not trust the list.
 */
export type Tables = { kind: "known"; tables: QueryTable[]; assumed?: true } | { kind: "unknown"; why: string };

/** A query's columns and the text to run, which gives exactly these; or why it cannot run; or why nobody here knows. */
export type Inferred = (Result & { kind: "inferred"; sql: string }) | NoResult;

type Result = { columns: OutputColumn[]; notes: string[] };
type NoResult = { kind: "refused"; diagnostics: Diagnostic[] } | { kind: "unknown"; why: string };

/** The tables a syntax tree reads, each once, in the order met. */
export function tablesIn(tree: Tree): QueryTable[] {
  const tables = new Map<string, QueryTable>();
  for (const { name } of tablesInTree(tree)) {
    const table = tableRefOf(name);
    const key = tableKey(table);
    if (!tables.has(key)) tables.set(key, marked(table));
  }
  return [...tables.values()];
}

function marked(table: TableRef): QueryTable {
  return { ...table, isDataView: isDataView(table.name) };
}

/** Which tables the query reads, anywhere (subqueries, UNION, EXISTS, APPLY), each once in the order met; data views are marked. */
export function tablesOf(sql: string): Tables {
  return tablesRead(readText(sql));
}

const notOneSelect = "the text is not one SELECT";

/** The tables of a text that has been read. */
function tablesRead({ tree, lost, isOther }: Query): Tables {
  if (isOther) return { kind: "unknown", why: notOneSelect };
  return { kind: "known", tables: tablesIn(tree), ...(lost === undefined ? {} : { assumed: true }) };
}

/** The tables of a query whose fields only MCE knows: Data Extensions, and a few views. */
export function tablesToAsk(query: Query): TableRef[] {
  const found = tablesRead(query);
  if (found.kind === "unknown") return [];
  return found.tables.flatMap(({ name, ent, isDataView: isView }) =>
    isView && !isToldByMce(name) ? [] : [{ name, ent }],
  );
}

/** The columns as a temp DE needs them. */
function outputColumns(columns: readonly Column[]): OutputColumn[] {
  return columns.map(({ name, type }, index) => ({ name: name ?? `Column${index + 1}`, ...fieldOfType(type) }));
}

/** What stands in the way of a result nobody knows the columns of: each star that cannot be written out. */
function openStarFindings({ openStars, stars, lostFrom }: Reading): Finding[] {
  return openStars.map(({ start, end, relations }) => {
    return { start, end, remark: said("STAR_UNKNOWN", lostFrom ?? whyOpen(relations, stars.room < 0)) };
  });
}

function whyOpen(relations: readonly Relation[], isOverfull: boolean): string {
  if (isOverfull) return `the stars of this query stand for more than ${starRoom} columns`;
  const names = relations.map(({ alias, table }) => table?.name ?? alias).join(", ");
  return names === "" ? "it stands for no table here" : `the fields of ${names} are not known`;
}

function assumedNotes(columns: readonly OutputColumn[]): string[] {
  const names = columns.flatMap(({ name, assumed }) => (assumed === true ? [name] : []));
  return names.length === 0 ? [] : [`The type of ${names.join(", ")} is not known here; kept as Text(4000)`];
}

function longNotes(columns: readonly Column[]): string[] {
  return columns.flatMap(({ name, type }) => {
    const length = type.kind === "text" && type.length !== "max" ? type.length : 0;
    return length > maxTextLength ? [`${name} may need ${length} characters; a field holds ${maxTextLength}`] : [];
  });
}

/** What a walk over a query gives: its columns, or why no DE can hold its result. */
export function resultOf(
  query: Query,
  reading: Reading,
  { columns, isOpen }: Columns,
): (Result & { kind: "inferred" }) | NoResult {
  if (isOpen) {
    const stars = openStarFindings(reading);
    if (stars.length > 0) return { kind: "refused", diagnostics: diagnosticsOf(query.lines, stars) };
    return { kind: "unknown", why: whyLost(query) ?? "the columns are not known" };
  }
  const known = query.isFromLost ? columns.map(({ name }) => ({ name, type: unknownType })) : columns;
  const output = outputColumns(known);
  return { kind: "inferred", columns: output, notes: [...longNotes(known), ...assumedNotes(output)] };
}

/**
 * The query's output columns, typed as T-SQL would and mapped to the fields a temp DE needs, and the SQL that gives them.
 *
 * The SQL is the given text but for spliced-in names: stars written out, aliases for unnamed and equal columns.
 *
 * @param fieldsOf the fields of a Data Extension; nothing for one nobody knows. Data views are built in, but asked for too:
 *   what the caller knows of one wins.
 * @returns `refused` where no DE can hold the result (a star over unknown fields); `unknown` where not even the names are known.
 *   What is not understood has an assumed type; where it is a FROM, all have.
 */
export function inferColumns(sql: string, fieldsOf: (table: TableRef) => readonly TableField[] | undefined): Inferred {
  const query = readText(sql);
  if (query.isOther) return { kind: "unknown", why: notOneSelect };
  const { reading, columns } = readTree(query, fieldsOf, whyFromLost(query));
  const result = resultOf(query, reading, columns);
  if (result.kind !== "inferred") return result;
  if (reading.result === undefined) return { ...result, sql };
  const names = result.columns.map(({ name }) => name);
  const edits = listEdits(reading.result, names);
  const notes = [...nameNotes(reading.result, names), ...result.notes];
  return { ...result, sql: spliced(sql, [...reading.edits, ...edits]), notes };
}
