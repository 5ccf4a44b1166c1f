import { namesByTokens, tablesByTokens } from "./text/by-tokens.ts";
import { isDataView, isToldByMce } from "./data-views.ts";
import { diagnosticsOf, type Diagnostic, type Finding } from "./diagnostic.ts";
import type { OutputColumn, TableField, TableRef } from "./fields.ts";
import { readQuery, type Query } from "./query.ts";
import { readTree, tableNames } from "./read/one-query.ts";
import { starRoom, type Reading } from "./read/reading.ts";
import type { Column, Relation } from "./read/scope.ts";
import { spliced } from "./text/splice.ts";
import { tableKey, tableRefOf } from "./read/tables.ts";
import { fieldOfType, maxTextLength, unknownType } from "./types/sql-type.ts";

export type { OutputColumn, TableField, TableRef } from "./fields.ts";

/** A table a query reads; MCE need not be asked for the fields of a data view. */
export type QueryTable = TableRef & { isDataView: boolean };

/**
 * The tables a query reads, or why nobody here can say; `assumed` when they were found in the text because the parser does
 * not know it: one may be no table, and who must not miss one should not trust the list.
 */
export type Tables = { kind: "known"; tables: QueryTable[]; assumed?: true } | { kind: "unknown"; why: string };

/** A query's columns and the text to run, which gives exactly these; or why it cannot run; or why nobody here knows. */
export type Inferred =
  | { kind: "inferred"; columns: OutputColumn[]; sql: string; notes: string[] }
  | { kind: "refused"; diagnostics: Diagnostic[] }
  | { kind: "unknown"; why: string };

/** The tables of a syntax tree, each once, in the order met. */
export function tablesIn(query: unknown): QueryTable[] {
  const tables = new Map<string, QueryTable>();
  for (const parts of tableNames(query)) {
    const table = tableRefOf(parts);
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
  return tablesRead(readQuery(sql));
}

/** The tables of a text that has been read. */
export function tablesRead({ sql, tokens, tree }: Query): Tables {
  if (tree.kind === "query") return { kind: "known", tables: tablesIn(tree.query) };
  if (tree.isOther) return { kind: "unknown", why: tree.why };
  return { kind: "known", tables: tablesByTokens(sql, tokens).map(marked), assumed: true };
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
function openStarFindings({ openStars, stars }: Reading): Finding[] {
  return openStars.map(({ start, end, relations }) => starFinding({ start, end }, whyOpen(relations, stars.room < 0)));
}

/** A star that cannot be written out. */
export function starFinding(place: { start: number; end: number }, why: string): Finding {
  return { ...place, remark: { code: "STAR_UNKNOWN", message: `Cannot write out *: ${why}`, fix: "Name the columns" } };
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

/** Names that are missing or equal although every SELECT was to be repaired: the text could not be matched with its tree. */
function unsettledFinding(reading: Reading, columns: readonly Column[]): Finding | undefined {
  const names = columns.map(({ name }) => name?.toLowerCase());
  if (!names.includes(undefined) && new Set(names).size === names.length) return undefined;
  const first = reading.tokens[0];
  const remark = {
    code: "NAMES_NEEDED",
    message: "The result has columns without a name or with equal names, and they could not be repaired here",
    fix: "Give each column an alias of its own",
  };
  return { start: first?.start ?? 0, end: first?.end ?? 0, remark };
}

/** What a read query gives: its columns and text, or why no DE can hold its result. */
export function inferredOf(
  reading: Reading,
  { columns, isOpen }: { columns: readonly Column[]; isOpen: boolean },
): Inferred {
  if (isOpen) {
    const stars = openStarFindings(reading);
    if (stars.length > 0) return { kind: "refused", diagnostics: diagnosticsOf(reading.lines, stars) };
    return { kind: "unknown", why: "the columns are not known" };
  }
  const unsettled = unsettledFinding(reading, columns);
  if (unsettled !== undefined) return { kind: "refused", diagnostics: diagnosticsOf(reading.lines, [unsettled]) };
  const output = outputColumns(columns);
  const notes = [...reading.notes, ...longNotes(columns), ...assumedNotes(output)];
  return { kind: "inferred", columns: output, sql: spliced(reading.sql, reading.edits), notes };
}

/** What can be said of a text the parser does not know: its columns' names, every type assumed; MCE decides whether it runs. */
export function inferredByTokens({ sql, tokens }: Query, why: string): Inferred {
  const found = namesByTokens(sql, tokens);
  if (found === undefined) return { kind: "unknown", why };
  const columns = found.names.map((name) => ({ name, ...fieldOfType(unknownType) }));
  return { kind: "inferred", columns, sql: spliced(sql, found.edits), notes: [`Types are not known: ${why}`] };
}

/**
 * The query's output columns, typed as T-SQL would and mapped to the fields a temp DE needs, and the SQL that gives them.
 *
 * The SQL is the given text but for spliced-in names: stars written out, aliases for unnamed and equal columns.
 *
 * @param fieldsOf the fields of a Data Extension; nothing for one nobody knows. Data views are built in, but asked for too:
 *   what the caller knows of one wins.
 * @returns `refused` where no DE can hold the result (a star over unknown fields); `unknown` where not even the names are known.
 *   A text the parser does not know has assumed types.
 */
export function inferColumns(sql: string, fieldsOf: (table: TableRef) => readonly TableField[] | undefined): Inferred {
  const query = readQuery(sql);
  const { tree } = query;
  if (tree.kind === "unknown")
    return tree.isOther ? { kind: "unknown", why: tree.why } : inferredByTokens(query, tree.why);
  const { reading, columns } = readTree(query, tree.query, fieldsOf);
  return inferredOf(reading, columns);
}
