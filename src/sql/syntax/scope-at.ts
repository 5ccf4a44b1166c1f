import {
  aliasOf,
  commonNames,
  leaves,
  namesOfSource,
  outputNames,
  outputName,
  type CommonNames,
  type Names,
} from "./outputs.ts";
import type { QueryReading } from "./read-query.ts";
import type { Body, Clause, Name, Node, Query, Select, Source } from "./tree.ts";
import { childrenOf } from "./walk.ts";

/** Something a column may come from: its alias, its table's name where it is one, its columns where the text tells them. */
export type ScopeTable = Names & { alias: string; table?: Name[] };

/** What can be named at a place. */
export type ScopeAt = {
  /** The clause of the innermost query, "ON" behind a join's ON; "" where no clause has begun. */
  clause: Clause["name"] | "ON" | "";
  /** The tables of the query itself, maybe none, then those of the queries around it. */
  levels: ScopeTable[][];
  /** Common table expressions: FROM may name them. */
  commonTables: { name: string; names: Names }[];
  /** The aliases of the select list: ORDER BY may name them. */
  aliases: string[];
};

/** The queries around an offset, the outermost first. */
function queriesAt(node: Node, offset: number, found: Query[]): Query[] {
  if (node.kind === "query") {
    if (offset < node.start || offset > node.until) return found;
    found.push(node);
  }
  for (const child of childrenOf(node)) queriesAt(child, offset, found);
  return found;
}

/** The SELECT of a body that an offset is in. */
function selectAt(body: Body, offset: number): Select | undefined {
  if (body.kind === "set") {
    for (const branch of body.branches.toReversed()) {
      const found = selectAt(branch, offset);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return body.kind === "select" && body.start <= offset && offset <= body.until ? body : undefined;
}

function clauseAt(clauses: readonly Clause[], offset: number): Clause | undefined {
  return clauses.findLast(({ end }) => end < offset);
}

type FromPlace = { state: "FROM" | "JOIN" | "APPLY" | "ON" | "PIVOT"; start: number };

/** What of a FROM an offset is in: behind an ON, in an APPLY, in a PIVOT, or where a table is named. */
function placeInFrom({ tokens }: QueryReading, from: number, offset: number): FromPlace {
  let place: FromPlace = { state: "FROM", start: from };
  const outer: FromPlace[] = [];
  for (const { upper, start, end } of tokens) {
    if (start < from) continue;
    if (end >= offset && upper !== "(") break;
    if (upper === "(") outer.push(place);
    else if (upper === ")") place = outer.pop() ?? place;
    else if (upper === "JOIN" || upper === "APPLY" || upper === "ON") place = { state: upper, start };
    else if (upper === "PIVOT" || upper === "UNPIVOT") place = { state: "PIVOT", start };
    else if (upper === "," && outer.length === 0) place = { state: "FROM", start };
  }
  return place;
}

/** What a PIVOT at an offset turns. */
function turnedAt(sources: readonly Source[], offset: number): Source[] {
  const around = leaves(sources).find(({ start, end }) => start < offset && offset <= end);
  return around?.kind === "pivot" || around?.kind === "unpivot" ? leaves([around.source]) : [];
}

/** The sources of a SELECT that may be named at an offset inside it, and in which clause that is. */
function visibleAt(
  reading: QueryReading,
  select: Select,
  offset: number,
): { clause: ScopeAt["clause"]; sources: readonly Source[] } {
  const clause = clauseAt(select.clauses, offset);
  if (clause === undefined || clause.name === "INTO") return { clause: clause?.name ?? "", sources: [] };
  if (clause.name !== "FROM") return { clause: clause.name, sources: leaves(select.from) };
  const { state, start } = placeInFrom(reading, clause.start, offset);
  const before = (end: number): Source[] => leaves(select.from).filter((source) => source.start < end);
  switch (state) {
    case "ON":
      return { clause: "ON", sources: before(offset) };
    case "APPLY":
      return { clause: "FROM", sources: before(start) };
    case "PIVOT":
      return { clause: "FROM", sources: turnedAt(select.from, offset) };
    case "FROM":
    case "JOIN":
      return { clause: "FROM", sources: [] };
  }
}

/** What one query lets a place inside it name. */
function levelAt(
  reading: QueryReading,
  query: Query,
  offset: number,
  common: CommonNames,
): Pick<ScopeAt, "clause" | "aliases"> & { tables: ScopeTable[] } {
  const behind = clauseAt(query.clauses, offset);
  const shown = (sources: readonly Source[]): ScopeTable[] =>
    sources
      .filter(({ kind }) => kind !== "missing" && kind !== "opaque")
      .map((source) => ({
        alias: aliasOf(source),
        ...(source.kind === "table" ? { table: source.name } : {}),
        ...namesOfSource(source, common),
      }));
  if (behind !== undefined) {
    if (behind.name !== "ORDER BY") return { clause: behind.name, tables: [], aliases: [] };
    if (query.body.kind !== "select")
      return { clause: behind.name, tables: [{ alias: "", ...outputNames(query, common) }], aliases: [] };
    const aliases = query.body.items.flatMap((item) => (item.alias === undefined ? [] : (outputName(item) ?? [])));
    return { clause: behind.name, tables: shown(leaves(query.body.from)), aliases };
  }
  const select = selectAt(query.body, offset);
  if (select === undefined) return { clause: "", tables: [], aliases: [] };
  const { clause, sources } = visibleAt(reading, select, offset);
  return { clause, tables: shown(sources), aliases: [] };
}

/**
 * What can be named at an offset of a text, broken or not: tables with their aliases, the innermost query's first, and
 * common table expressions; columns as far as the text tells them.
 */
export function scopeAt(reading: QueryReading, offset: number): ScopeAt {
  const chain = [reading.tree, ...reading.more].flatMap((query) => queriesAt(query, offset, []));
  const found: ScopeAt = { clause: "", levels: [], commonTables: [], aliases: [] };
  let common: CommonNames = new Map();
  for (const [index, query] of chain.entries()) {
    const inner = chain[index + 1];
    const place = inner === undefined ? offset : inner.start;
    common = commonNames(query, common, place);
    const { clause, tables, aliases } = levelAt(reading, query, place, common);
    if (tables.length > 0 || inner === undefined) found.levels.unshift(tables);
    if (inner === undefined) Object.assign(found, { clause, aliases });
  }
  found.commonTables = [...common].map(([name, names]) => ({ name, names }));
  return found;
}
