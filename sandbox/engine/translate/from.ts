import { SqlError, unsupported } from "../values/sql-error.ts";
import type { Table } from "../store/table.ts";
import { bigint } from "../types.ts";
import { applied } from "./apply.ts";
import { list, node, partsOfName, variant, type Json, type Node } from "./ast.ts";
import { freshAlias } from "./fresh-alias.ts";
import type { Context, NameScope, Reachable, Source } from "./model.ts";
import { predicate } from "./predicate.ts";
import { translateQuery } from "./query.ts";
import { knownParts } from "./known-parts.ts";
import { translatePivot, translateUnpivot } from "./pivot.ts";
import { aliasOf, relationSource, type Joined } from "./source.ts";
import { rulesOfDerived } from "./derived-rules.ts";

/** The limit of SQL Server's error 106. Newer versions may allow more; SQLite joins 64. */
const maxTables = 256;

/** FROM of a SELECT: its sources in order and its text with a leading blank. */
export function translateFrom(context: Context, items: readonly Json[]): { sources: Source[]; from: () => string } {
  const count = items.reduce((sum: number, item) => sum + 1 + list(node(item)["joins"]).length, 0);
  if (count > maxTables)
    throw new SqlError(`Too many table names in the query. The maximum allowable is ${maxTables}.`);
  const trees: Joined[] = [];
  for (const item of items) {
    const before = trees.flatMap(({ sources }) => sources);
    trees.push(tree(context, node(item), before));
  }
  const sources = trees.flatMap((part) => part.sources);
  uniqueNames(sources);
  const bracketed = trees.length > 1;
  const from = (): string =>
    trees.length === 0
      ? ""
      : ` FROM ${trees.map((part, at) => (bracketed && hasOuter(items[at] ?? null) ? `(${part.print()})` : part.print())).join(" JOIN ")}`;
  return { sources, from };
}

/** A comma binds looser than RIGHT and FULL joins in T-SQL, but not in SQLite. */
function hasOuter(item: Json): boolean {
  return list(node(item)["joins"]).some((join) => /^(Right|Full)/.test(variant(node(join)["join_operator"]).name));
}

function uniqueNames(sources: readonly Source[]): void {
  const seen = new Set<string>();
  for (const { names, display } of sources) {
    const name = names[0] ?? "";
    if (seen.has(name)) {
      throw new SqlError(`The correlation name '${display}' is specified multiple times in a FROM clause.`);
    }
    seen.add(name);
  }
}

function tree(context: Context, item: Node, before: readonly Source[]): Joined {
  let joined = factor(context, item["relation"] ?? null, before);
  for (const join of list(item["joins"])) joined = addJoin(context, joined, node(join), before);
  return joined;
}

const joinWords: Record<string, string> = {
  Join: "JOIN",
  Inner: "JOIN",
  Left: "LEFT JOIN",
  LeftOuter: "LEFT JOIN",
  Right: "RIGHT JOIN",
  RightOuter: "RIGHT JOIN",
  FullOuter: "FULL JOIN",
};

function addJoin(context: Context, left: Joined, join: Node, before: readonly Source[]): Joined {
  const { name, body } = variant(join["join_operator"]);
  const reach = [...before, ...left.sources];
  if (name === "CrossApply" || name === "OuterApply")
    return applied(context, left, join["relation"] ?? null, reach, name === "OuterApply");
  const right = factor(context, join["relation"] ?? null, reach);
  const sources = [...left.sources, ...right.sources];
  if (name === "CrossJoin") return { sources, print: () => `${left.print()} JOIN ${bracket(right)}` };
  const words = joinWords[name] ?? unsupported(`the join ${name}`);
  const { name: kind, body: condition } = variant(body);
  if (kind !== "On") throw new SqlError("Incorrect syntax: a JOIN needs an ON condition.");
  const on = predicate({ ...context, names: { sources, outer: context.names }, place: "on" }, condition);
  return { sources, print: () => `${left.print()} ${words} ${bracket(right)} ON ${on}` };
}

function bracket(right: Joined): string {
  return right.sources.length > 1 ? `(${right.print()})` : right.print();
}

function factor(context: Context, json: Json, before: readonly Source[]): Joined {
  const { name, body } = variant(json);
  const parts = node(body);
  switch (name) {
    case "Table":
      return parts["args"] === null || parts["args"] === undefined
        ? tableSource(context, parts)
        : applied(context, undefined, json, before, false);
    case "Derived":
      return derived(context, parts);
    case "NestedJoin": {
      if (parts["alias"] !== null && parts["alias"] !== undefined) return unsupported("a bracketed join with an alias");
      return tree(context, node(parts["table_with_joins"]), before);
    }
    case "Pivot":
      return single(translatePivot(context, parts, (inner) => factor(context, inner, before)));
    case "Unpivot":
      return single(translateUnpivot(context, parts, (inner) => factor(context, inner, before)));
    default:
      return unsupported(`${name} in FROM`);
  }
}

function single(source: Source): Joined {
  return { sources: [source], print: source.print };
}

const tableParts = ["name", "alias", "with_hints", "args"];

function tableSource(context: Context, parts: Node): Joined {
  knownParts(parts, tableParts, "a table");
  const name = partsOfName(parts["name"]);
  const alias = aliasOf(parts["alias"]);
  const cte = name.length === 1 ? context.ctes.get((name[0] ?? "").toLowerCase()) : undefined;
  if (cte === "itself") return unsupported("a recursive WITH");
  if (cte !== undefined) {
    const { grouped: _grouped, ...around } = context;
    const relation = translateQuery({ ...around, names: { sources: [] }, ctes: cte.ctes }, cte.query);
    return single(
      relationSource(
        context,
        relation,
        alias?.name ?? name[0] ?? "",
        alias?.columns.length ? alias.columns : cte.columns,
      ),
    );
  }
  const table = findTable(context, name);
  context.state.tables.add(`${name.length > 1 ? "ent." : ""}${table.name.toLowerCase()}`);
  if ((alias?.columns.length ?? 0) > 0) return unsupported("a table alias with column names");
  const at = freshAlias(context, "t");
  context.state.stored.set(at, table);
  const columns = table.columns.map(({ field, type, place, key }): Reachable => {
    const column = { name: field.name, type, sql: `${at}.${place}`, isHidden: field.isUnlisted === true };
    return key === undefined ? column : { ...column, key: () => `${at}.${key}` };
  });
  if (!table.isSystem) columns.push({ name: "_CustomObjectKey", type: bigint, sql: `${at}.rid`, isHidden: true });
  const own = name.at(-1) ?? "";
  const names = alias === undefined ? [own.toLowerCase(), name.join(".").toLowerCase()] : [alias.name.toLowerCase()];
  return single({ names, display: alias?.name ?? own, columns, print: () => `${table.physical} AS ${at}` });
}

/** The table a name means for a business unit; makes the rows of a lazy one. */
function findTable({ runtime, run }: Context, name: readonly string[]): Table {
  const own = name.at(-1) ?? "";
  const written = name.join(".");
  if (own.startsWith("@") || own.startsWith("#")) throw new SqlError(`Invalid object name '${own}'.`);
  const prefix = name.length > 1 ? name.slice(0, -1).join(".").toLowerCase() : undefined;
  if (prefix !== undefined && prefix !== "ent" && runtime.rules === "mce") {
    throw new SqlError(`The ${written} table has a multi-part specification. This is not allowed.`);
  }
  const mids = prefix === undefined ? [run.mid] : prefix === "ent" ? [run.eid] : [run.mid];
  const [table] = mids.flatMap((mid) => runtime.catalog.find(mid, own) ?? []);
  const isHidden =
    prefix === "ent" && run.mid !== run.eid && table?.isSystem === false && run.isShared?.(table.name) === false;
  if (table === undefined || isHidden) throw new SqlError(`Invalid object name '${written}'.`);
  runtime.catalog.fill(table);
  return table;
}

function derived(context: Context, parts: Node): Joined {
  knownParts(parts, ["subquery", "alias"], "a derived table");
  rulesOfDerived(parts["subquery"] ?? null);
  const alias = aliasOf(parts["alias"]);
  if (alias === undefined) throw new SqlError("Incorrect syntax near ')'.");
  const { grouped: _grouped, ...around } = context;
  const relation = translateQuery({ ...around, names: derivedScope(context) }, parts["subquery"] ?? null);
  return single(relationSource(context, relation, alias.name, alias.columns));
}

/** A derived table sees the queries around its SELECT, not the other sources of FROM. */
function derivedScope({ names }: Context): NameScope {
  return names;
}
