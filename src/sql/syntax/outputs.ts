import type { Expression } from "./expression-tree.ts";
import type { Body, Item, Name, Node, Query, Source } from "./tree.ts";
import { childrenOf } from "./walk.ts";
import { upperCase } from "../text/upper-case.ts";

/** The names of columns, as far as the text tells them; `isOpen` when there may be more. */
export type Names = { names: (string | undefined)[]; isOpen: boolean };

/** The columns of common table expressions, by lower-cased name. */
export type CommonNames = ReadonlyMap<string, Names>;

/** Stars of stars double their columns: beyond this nobody wants the list. */
const maxNames = 1000;

const open: Names = { names: [], isOpen: true };

/** The name T-SQL gives an expression without alias: a column's own, in parentheses too. */
export function ownName(expression: Expression): string | undefined {
  if (expression.kind === "parens") return ownName(expression.inner);
  return expression.kind === "column" ? expression.parts.at(-1)?.value : undefined;
}

/** The name of an item's column; nothing where it has none. */
export function outputName({ alias, expression }: Item): string | undefined {
  return alias === undefined ? ownName(expression) : alias.name.value;
}

/** The sources of FROM that have an alias or a name of their own, in the order of the text. */
export function leaves(sources: readonly Source[]): Exclude<Source, { kind: "joined" }>[] {
  return sources.flatMap((source) =>
    source.kind === "joined" ? leaves([source.first, ...source.joins.map((join) => join.source)]) : [source],
  );
}

/** The name that may stand before a dot. */
export function aliasOf(source: Source): string {
  if (source.kind === "joined" || source.kind === "opaque" || source.kind === "missing") return "";
  if (source.alias !== undefined) return source.alias.value;
  return source.kind === "table" || source.kind === "table-call" ? (source.name.at(-1)?.value ?? "") : "";
}

const functionColumns: Readonly<Record<string, string[]>> = {
  STRING_SPLIT: ["value"],
  OPENJSON: ["key", "value", "type"],
  GENERATE_SERIES: ["value"],
};

/** The names of all columns in a node, without their tables, in lower case. */
export function columnsIn(node: Node): string[] {
  if (node.kind === "column") return [node.parts.at(-1)?.value.toLowerCase() ?? ""];
  return childrenOf(node).flatMap(columnsIn);
}

/** A turned table's columns: those that are not used up, and the new ones. */
function turned(source: Source, used: readonly string[], added: readonly Name[], common: CommonNames): Names {
  const before = namesOfSource(source, common);
  const gone = new Set(used);
  const kept = before.names.filter((name) => name === undefined || !gone.has(name.toLowerCase()));
  return { names: [...kept, ...added.map(({ value }) => value)], isOpen: before.isOpen };
}

function ownColumns(source: Source, common: CommonNames): Names {
  switch (source.kind) {
    case "table":
      return (source.name.length === 1 && common.get(source.name[0]?.value.toLowerCase() ?? "")) || open;
    case "table-call": {
      if (source.fields !== undefined) return { names: source.fields.map(({ name }) => name.value), isOpen: false };
      const known = functionColumns[upperCase(source.name.at(-1)?.value ?? "")];
      return known === undefined ? open : { names: known, isOpen: false };
    }
    case "derived":
      return outputNames(source.query, common);
    case "pivot": {
      const used = [...columnsIn(source.aggregate), ...columnsIn(source.column)];
      return turned(source.source, used, source.values, common);
    }
    case "unpivot":
      return turned(source.source, source.turned.flatMap(columnsIn), [source.value, source.name], common);
    case "joined":
    case "opaque":
    case "missing":
      return open;
  }
}

/** What is known of sources: a star of stars asks for each again and again. */
const known = new WeakMap<CommonNames, WeakMap<Source, Names>>();

/** The columns of a source of FROM. */
export function namesOfSource(source: Source, common: CommonNames): Names {
  const before = known.get(common) ?? new WeakMap<Source, Names>();
  const names = before.get(source) ?? freshNames(source, common);
  known.set(common, before.set(source, names));
  return names;
}

function freshNames(source: Source, common: CommonNames): Names {
  if (source.kind === "joined") return joinedNames(leaves([source]), common);
  const given = source.kind === "missing" || source.kind === "opaque" ? [] : source.columns;
  return given.length > 0 ? { names: given.map(({ value }) => value), isOpen: false } : ownColumns(source, common);
}

function joinedNames(sources: readonly Source[], common: CommonNames): Names {
  return together(sources.map((source) => namesOfSource(source, common)));
}

/** The columns of several, one behind the other. */
function together(all: readonly Names[]): Names {
  const names: Names["names"] = [];
  for (const { names: some } of all) if (names.length <= maxNames) names.push(...some.slice(0, maxNames + 1));
  const isOpen = all.length === 0 || names.length > maxNames || all.some((one) => one.isOpen);
  return { names: names.slice(0, maxNames), isOpen };
}

/** What the stars of a SELECT stand for, by the lower-cased name before the dot; "" for one without. */
function openStars(from: readonly Source[], common: CommonNames): (alias: string) => Names {
  const sources = leaves(from);
  const byAlias = Map.groupBy(sources, (source) => aliasOf(source).toLowerCase());
  const found = new Map<string, Names>();
  return (alias) => {
    const names = found.get(alias) ?? joinedNames(alias === "" ? sources : (byAlias.get(alias) ?? []), common);
    found.set(alias, names);
    return names;
  };
}

function bodyNames(body: Body, common: CommonNames): Names {
  switch (body.kind) {
    case "select": {
      const starOf = openStars(body.from, common);
      const parts = body.items.map((item): Names => {
        if (item.expression.kind !== "star") return { names: [outputName(item)], isOpen: false };
        return starOf(item.expression.table.at(-1)?.value.toLowerCase() ?? "");
      });
      return together(parts);
    }
    case "set": {
      const [first] = body.branches;
      return first === undefined ? open : bodyNames(first, common);
    }
    case "query":
      return outputNames(body, common);
    case "values":
      return { names: (body.rows[0]?.cells ?? []).map(() => undefined), isOpen: false };
    case "opaque":
    case "missing":
      return open;
  }
}

/** The common table expressions a query adds, those before an offset only. */
export function commonNames(query: Query, outer: CommonNames, before = Infinity): CommonNames {
  const tables = query.commonTables.filter(({ start }) => start < before);
  if (tables.length === 0) return outer;
  const found = new Map(outer);
  for (const { name, columns, query: inner } of tables) {
    const key = name.value.toLowerCase();
    // It may name itself.
    found.set(key, open);
    const given = columns.map(({ value }) => value);
    found.set(key, given.length > 0 ? { names: given, isOpen: false } : outputNames(inner, found));
  }
  return found;
}

/** The names of the columns a query gives, as far as its text tells them. */
export function outputNames(query: Query, common: CommonNames = new Map()): Names {
  return bodyNames(query.body, commonNames(query, common));
}
