import { at, listAt, nameOf, namesOf, variant, type Name } from "./ast.ts";
import type { TableField, TableRef } from "../fields.ts";
import { parse } from "../parse.ts";
import { withoutPreamble } from "../text/unreadable.ts";
import type { Lines, Position } from "../text/positions.ts";
import { queryColumns } from "./query.ts";
import { starRoom, type Reading } from "./reading.ts";
import { scan, type Token } from "../text/scan.ts";
import { emptyScope, type Columns } from "./scope.ts";
import { functionArguments } from "./tables.ts";

/** The one query of a text, or why there is none to read; `isOther` when the text is something else for certain. */
export type OneQuery =
  | { kind: "query"; query: unknown }
  | { kind: "unknown"; why: string; at?: Position; isOther?: true };

/** The syntax tree of a text that is one SELECT, or whose last part is one; `at` is where the parser lost its way. */
export function oneQuery(readable: string, tokens: readonly Token[]): OneQuery {
  const one = queryOf(readable, tokens);
  if (one.kind === "query") return one;
  const query = withoutPreamble(readable, tokens);
  const last = query === undefined ? one : queryOf(query, scan(query).tokens);
  return last.kind === "query" ? last : one;
}

function queryOf(readable: string, tokens: readonly Token[]): OneQuery {
  const parsed = parse(readable, tokens);
  if (parsed.kind === "unknown") return parsed;
  if (parsed.kind === "rejected") {
    const why = `the query is not understood here: ${parsed.message}`;
    const { line, column } = parsed;
    return line === undefined || column === undefined
      ? { kind: "unknown", why }
      : { kind: "unknown", why, at: { line, column } };
  }
  const { tag, body } = variant(parsed.statements[0]);
  if (parsed.statements.length !== 1 || tag !== "Query")
    return { kind: "unknown", why: "the text is not one SELECT", isOther: true };
  return { kind: "query", query: body };
}

/** Walks a whole syntax tree: the query's columns, and what the walk gathered. */
export function readTree(
  { sql, tokens, lines }: { sql: string; tokens: readonly Token[]; lines: Lines },
  query: unknown,
  fieldsOf: (table: TableRef) => readonly TableField[] | undefined,
): { reading: Reading; columns: Columns } {
  const reading: Reading = {
    sql,
    tokens,
    lines,
    fieldsOf,
    tables: new Map(),
    queryColumns,
    edits: [],
    notes: [],
    doubts: [],
    selects: [],
    aliases: new Map(),
    openStars: [],
    stars: { room: starRoom },
  };
  return { reading, columns: queryColumns(reading, query, emptyScope, "output") };
}

function commonNames(query: unknown): Set<string> {
  return new Set(
    listAt(at(query, "with"), "cte_tables").map((table) =>
      (nameOf(at(at(table, "alias"), "name"))?.value ?? "").toLowerCase(),
    ),
  );
}

function gather(node: unknown, common: ReadonlySet<string>, found: Name[][]): void {
  if (typeof node !== "object" || node === null) return;
  if (Array.isArray(node)) {
    for (const item of node) gather(item, common, found);
    return;
  }
  const table = at(node, "Table");
  const parts = namesOf(at(table, "name"));
  const isCommon = parts.length === 1 && common.has(parts[0]?.value.toLowerCase() ?? "");
  if (parts.length > 0 && !isCommon && functionArguments(table) === undefined) found.push(parts);
  for (const child of Object.values(node)) gather(child, common, found);
}

/**
 * The dotted names of every table the query reads, in the order of the tree, repeated as often as written.
 *
 * A walk of the whole tree, so that no table is missed wherever it stands.
 */
export function tableNames(query: unknown): Name[][] {
  const found: Name[][] = [];
  gather(query, commonNames(query), found);
  return found;
}
