import { needsKey } from "../convert/key.ts";
import { SqlError, unsupported } from "../values/sql-error.ts";
import { hasAggregate } from "./aggregate-names.ts";
import { list, nameOf, node, partsOfName, unnested, variant, word, type Json, type Node } from "./ast.ts";
import type { Context } from "./context.ts";
import { limitClause, rankedCut } from "./cut.ts";
import { keySql, type Expr } from "./expr.ts";
import { translate } from "./recurse.ts";
import { translateFrom } from "./from.ts";
import { knownParts } from "./known-parts.ts";
import type { NameScope, Source } from "./names.ts";
import { orderClause, translateOrder, type OrderItem, type Output } from "./order.ts";
import { predicate } from "./recurse.ts";
import type { Relation } from "./relation.ts";
import { readTop, type Cut } from "./top.ts";
import { groupSets } from "./grouping.ts";

/** What follows a query's body. */
export type Tail = { order: readonly Json[]; offset?: Cut; isXml: boolean };

const selectParts = [
  "select_token",
  "top",
  "distinct",
  "projection",
  "from",
  "selection",
  "group_by",
  "having",
  "flavor",
  "into",
  "top_before_distinct",
];

/** A translated SELECT before it is printed. */
type Core = {
  outputs: readonly Output[];
  from: () => string;
  where: string;
  group: string;
  having: string;
  order: readonly OrderItem[];
  cut?: Cut;
  isDistinct: boolean;
};

function starred(sources: readonly Source[]): Output[] {
  return sources.flatMap(({ columns }) =>
    columns
      .filter(({ isHidden }) => isHidden !== true)
      .map(({ name, type, sql, key }) => ({ name, expr: key === undefined ? { sql, type } : { sql, type, key } })),
  );
}

function qualifiedStar(scope: NameScope, body: Json): Output[] {
  const { name, body: inner } = variant(list(body)[0]);
  const parts = name === "ObjectName" ? partsOfName(inner) : [];
  const wanted = parts.join(".").toLowerCase();
  const source = scope.sources.find(({ names }) => names.includes(wanted));
  if (source === undefined)
    throw new SqlError(
      `The column prefix '${parts.join(".")}' does not match with a table name or alias name used in the query.`,
    );
  return starred([source]);
}

function plainName(json: Json): string | undefined {
  const { name, body } = variant(unnested(json));
  if (name === "Identifier") return nameOf(body);
  if (name === "CompoundIdentifier") return nameOf(list(body).at(-1));
  return undefined;
}

function outputsOf(context: Context, item: Json): Output[] {
  const { name, body } = variant(item);
  switch (name) {
    case "Wildcard":
    case "QualifiedWildcard": {
      const outputs = name === "Wildcard" ? starred(context.names.sources) : qualifiedStar(context.names, body);
      if (name === "Wildcard" && context.names.sources.length === 0)
        throw new SqlError("Must specify table to select from.");
      // Each column of a star above GROUP BY must be grouped like one written out.
      for (const output of outputs) checkGrouped(context, output);
      return outputs;
    }
    case "UnnamedExpr": {
      const own = plainName(body);
      return [{ ...(own === undefined ? {} : { name: own }), expr: translate(context, body) }];
    }
    case "ExprWithAlias": {
      const { expr, alias } = node(body);
      return [{ name: nameOf(alias), expr: translate(context, expr ?? null) }];
    }
    default:
      return unsupported(`a select item of kind ${name}`);
  }
}

function checkGrouped({ grouped }: Context, { name, expr }: Output): void {
  if (grouped === undefined || grouped.some(({ sql }) => sql === expr.sql)) return;
  throw new SqlError(
    `Column '${name ?? ""}' is invalid in the select list because it is not contained in either an aggregate function or the GROUP BY clause.`,
  );
}

function distinctOf(json: Json | undefined): boolean {
  if (json === null || json === undefined) return false;
  if (word(json) === "All") return false;
  return word(json) === "Distinct" ? true : unsupported("DISTINCT ON");
}

function readCut(select: Node, tail: Tail): Cut | undefined {
  const top = select["top"];
  if (top === null || top === undefined) return tail.offset;
  if (tail.offset !== undefined)
    throw new SqlError("A TOP can not be used in the same query or sub-query as a OFFSET.");
  const cut = readTop(node(top));
  if (cut.withTies && tail.order.length === 0)
    throw new SqlError("The TOP N WITH TIES clause is not allowed without a corresponding ORDER BY clause.");
  return cut;
}

/** Translates one SELECT with the ORDER BY and OFFSET that follow it. */
export function translateSelect(outer: Context, select: Node, tail: Tail): Relation {
  knownParts(select, selectParts, "SELECT");
  const sets = groupSets(select);
  if (sets !== undefined) return sets.translate(outer, select, tail, translateSelect);
  const { from, sources } = translateFrom(outer, list(select["from"]));
  const names: NameScope = { sources, outer: outer.names };
  const { grouped: _above, ...around } = outer;
  const base: Context = { ...around, names, place: "select" };
  const selection = select["selection"];
  const where =
    selection === null || selection === undefined ? "" : ` WHERE ${predicate({ ...base, place: "where" }, selection)}`;
  const groupJson = list(list(node(select["group_by"])["Expressions"])[0]);
  const groups = groupJson.map((json) => groupExpr(base, json));
  const having = select["having"];
  const isGrouped =
    groups.length > 0 ||
    (having !== null && having !== undefined) ||
    hasAggregate([select["projection"] ?? null, ...tail.order]);
  const above: Context = isGrouped ? { ...base, grouped: groups } : base;
  const outputs = list(select["projection"]).flatMap((item) => outputsOf(above, item));
  const isDistinct = distinctOf(select["distinct"]);
  const core: Core = {
    outputs,
    from,
    where,
    group: groups.length === 0 ? "" : ` GROUP BY ${groups.map((group) => keySql(base, group)).join(", ")}`,
    having: having === null || having === undefined ? "" : havingClause(above, having, groups.length > 0),
    order: translateOrder(above, tail.order, outputs),
    isDistinct,
  };
  const cut = readCut(select, tail);
  if (cut !== undefined) core.cut = cut;
  if (isDistinct && core.order.some(({ output }) => output === undefined))
    throw new SqlError("ORDER BY items must appear in the select list if SELECT DISTINCT is specified.");
  const isSingleRow =
    (isGrouped && groups.length === 0) ||
    (cut?.rows === 1 && !cut.isPercent && !cut.withTies) ||
    (list(select["from"]).length === 0 && !isDistinct);
  return {
    columns: outputs.map(({ name, expr }) => ({ ...(name === undefined ? {} : { name }), type: expr.type })),
    isSingleRow,
    isVolatile: outer.state.isVolatile,
    print: (keys) => printCore(base, core, keys),
  };
}

/** HAVING without GROUP BY still makes one group, which SQLite must be told. */
function havingClause(context: Context, having: Json, hasGroups: boolean): string {
  const condition = predicate({ ...context, place: "having" }, having);
  return hasGroups ? ` HAVING ${condition}` : ` HAVING count(*) >= 0 AND ${condition}`;
}

function groupExpr(context: Context, json: Json): Expr {
  const expr = translate({ ...context, place: "group by" }, json);
  const own = context.names.sources.flatMap(({ columns }) => columns.map(({ sql }) => sql.split(".")[0] ?? ""));
  if (!own.some((alias) => expr.sql.includes(`${alias}.`))) {
    throw new SqlError("Each GROUP BY expression must contain at least one column that is not an outer reference.");
  }
  return expr;
}

function printCore(context: Context, core: Core, keys: ReadonlySet<number>): string {
  const { outputs, order, cut, isDistinct } = core;
  const types = outputs.map(({ expr }) => expr.type);
  const isRanked = cut !== undefined && (cut.isPercent || cut.withTies);
  const mustWrap =
    isDistinct && (isRanked || keys.size > 0 || order.length > 0 || cut !== undefined || types.some(needsKey));
  if (!isRanked && !mustWrap) return `${body(context, core, keys, isDistinct)}${orderClause(order)}${limitClause(cut)}`;
  if (!isDistinct && cut !== undefined) {
    const inner = body(context, core, keys, false, order);
    const columns = types.map((_type, at) => `@.c${at} AS c${at}${keys.has(at) ? `, @.k${at} AS k${at}` : ""}`);
    return rankedCut(context, inner, columns.join(", "), order, cut);
  }
  return printDistinct(context, core, keys);
}

function printDistinct(context: Context, core: Core, keys: ReadonlySet<number>): string {
  const { outputs, order, cut } = core;
  const all = new Set(outputs.flatMap(({ expr }, at) => (needsKey(expr.type) ? [at] : [])));
  const place = (at: number): string => `d.${all.has(at) ? "k" : "c"}${at}`;
  const columns = outputs.map((_output, at) => `d.c${at} AS c${at}${keys.has(at) ? `, ${place(at)} AS k${at}` : ""}`);
  const group = `FROM (${body(context, core, all, false)}) AS d GROUP BY ${outputs.map((_output, at) => place(at)).join(", ")}`;
  const placed = order.map((item) => ({ ...item, key: place(item.output ?? 0) }));
  if (cut === undefined || !(cut.isPercent || cut.withTies))
    return `SELECT ${columns.join(", ")} ${group}${orderClause(placed)}${limitClause(cut)}`;
  const orders = placed.map(({ key }, at) => `, ${key} AS o${at}`).join("");
  const outer = outputs
    .map((_output, at) => `@.c${at} AS c${at}${keys.has(at) ? `, @.k${at} AS k${at}` : ""}`)
    .join(", ");
  return rankedCut(context, `SELECT ${columns.join(", ")}${orders} ${group}`, outer, placed, cut);
}

/** SELECT … HAVING without its order; FROM is printed last, when all keys it must carry are known. */
function body(
  context: Context,
  core: Core,
  keys: ReadonlySet<number>,
  isDistinct: boolean,
  orders: readonly OrderItem[] = [],
): string {
  const values = core.outputs.map(({ expr }, at) => `${expr.sql} AS c${at}`);
  const keyed = core.outputs.flatMap(({ expr }, at) => (keys.has(at) ? [`${keySql(context, expr)} AS k${at}`] : []));
  const ordered = orders.map(({ key }, at) => `${key} AS o${at}`);
  return `SELECT ${isDistinct ? "DISTINCT " : ""}${[...values, ...keyed, ...ordered].join(", ")}${core.from()}${core.where}${core.group}${core.having}`;
}
