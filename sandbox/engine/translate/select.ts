import { SqlError, unsupported } from "../values/sql-error.ts";
import { hasAggregate } from "./aggregate-names.ts";
import { list, node, variant, word, type Json, type Node } from "./ast.ts";
import type { Context, Expr, Grouped } from "./model.ts";
import { call, keySql } from "./expr.ts";
import { predicate } from "./predicate.ts";
import { translate } from "./expression.ts";
import { translateFrom } from "./from.ts";
import { readGroups, type Groups } from "./grouping.ts";
import { knownParts } from "./known-parts.ts";
import { translateOrder } from "./order.ts";
import { outputsOf } from "./outputs.ts";
import { printCore, type Block, type Core } from "./print-select.ts";
import type { Relation } from "./relation.ts";
import { readTop, type Cut, type Tail } from "./top.ts";

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

function isPresent(json: Json | undefined): json is Json {
  return json !== null && json !== undefined;
}

function distinctOf(json: Json | undefined): boolean {
  if (!isPresent(json) || word(json) === "All") return false;
  return word(json) === "Distinct" ? true : unsupported("DISTINCT ON");
}

function readCut(select: Node, tail: Tail): Cut | undefined {
  const top = select["top"];
  if (!isPresent(top)) return tail.offset;
  if (tail.offset !== undefined)
    throw new SqlError("A TOP can not be used in the same query or sub-query as a OFFSET.");
  const cut = readTop(node(top));
  if (cut.withTies && tail.order.length === 0)
    throw new SqlError("The TOP N WITH TIES clause is not allowed without a corresponding ORDER BY clause.");
  return cut;
}

/** True when the tree has a window function outside subqueries. */
function hasWindow(json: Json): boolean {
  if (json === null || typeof json !== "object") return false;
  if (Array.isArray(json)) return json.some(hasWindow);
  const { name, body } = variant(json);
  if (name === "Subquery" || name === "Exists") return false;
  if (name === "Function" && node(body)["over"] !== null && node(body)["over"] !== undefined) return true;
  return Object.values(json).some((part) => hasWindow(part ?? null));
}

/** The grouping sets of a SELECT, each as the indexes of its expressions. */
function setsOf(
  select: Node,
  { exprs, sets }: Groups,
  tail: Tail,
  { state, isDistinct }: { state: Context["state"]; isDistinct: boolean },
): readonly (readonly number[])[] {
  if (sets === undefined) return [exprs.map((_expr, at) => at)];
  if (state.isVolatile) return unsupported("ROLLUP or CUBE over NEWID() or RAND()");
  if (isDistinct) return unsupported("SELECT DISTINCT with ROLLUP or CUBE");
  if (hasWindow([select["projection"] ?? null, ...tail.order]))
    return unsupported("window functions over ROLLUP or CUBE");
  return sets;
}

/** Translates one SELECT with the ORDER BY and OFFSET that follow it. */
export function translateSelect(outer: Context, select: Node, tail: Tail): Relation {
  knownParts(select, selectParts, "SELECT");
  const { from, sources } = translateFrom(outer, list(select["from"]));
  const { grouped: _above, ...around } = outer;
  const base: Context = { ...around, names: { sources, outer: outer.names }, place: "select" };
  const selection = select["selection"];
  const where = isPresent(selection) ? ` WHERE ${predicate({ ...base, place: "where" }, selection)}` : "";
  const groups = readGroups(select["group_by"]);
  const exprs = groups.exprs.map((json) => groupExpr(base, json));
  const isGrouped =
    exprs.length > 0 ||
    groups.sets !== undefined ||
    isPresent(select["having"]) ||
    hasAggregate([select["projection"] ?? null, ...tail.order]);
  const isDistinct = distinctOf(select["distinct"]);
  const sets = setsOf(select, groups, tail, { state: outer.state, isDistinct });
  const [first, ...others] = isGrouped
    ? sets.map((set) => groupedBlock(base, { select, tail }, exprs, set, groups.sets !== undefined))
    : [blockOf(base, { select, tail }, "", [])];
  if (first === undefined) return unsupported("GROUP BY without a grouping set");
  const core: Core = { blocks: [first, ...others], from, where, isDistinct };
  const cut = readCut(select, tail);
  if (cut !== undefined) core.cut = cut;
  if (isDistinct && first.order.some(({ output }) => output === undefined))
    throw new SqlError("ORDER BY items must appear in the select list if SELECT DISTINCT is specified.");
  return {
    columns: first.outputs.map(({ name, expr }) => ({ ...(name === undefined ? {} : { name }), type: expr.type })),
    isSingleRow:
      (isGrouped && exprs.length === 0 && groups.sets === undefined) ||
      (cut?.rows === 1 && !cut.isPercent && !cut.withTies) ||
      (sources.length === 0 && !isDistinct),
    isVolatile: outer.state.isVolatile,
    print: (keys) => printCore(base, core, keys),
  };
}

type Parts = { select: Node; tail: Tail };

/** The SELECT over one grouping set. */
function groupedBlock(
  base: Context,
  parts: Parts,
  exprs: readonly Expr[],
  set: readonly number[],
  isOneOfMany: boolean,
): Block {
  const grouped = exprs.map((expr, at): Grouped => (set.includes(at) ? expr : { ...expr, isRolledUp: true }));
  const above: Context = { ...base, grouped, names: { ...base.names, grouped } };
  const keys = exprs.filter((_expr, at) => set.includes(at)).map((expr) => keySql(base, expr));
  if (keys.length > 0) return blockOf(above, parts, ` GROUP BY ${keys.join(", ")}`, []);
  return { ...blockOf(above, parts, "", isOneOfMany ? [grandTotal(base)] : []), isTotal: true };
}

/** Select list, HAVING and ORDER BY above `group`; `conditions` are added to HAVING. */
function blockOf(context: Context, { select, tail }: Parts, group: string, conditions: string[]): Block {
  const outputs = list(select["projection"]).flatMap((item) => outputsOf(context, item));
  const having = select["having"];
  const written = isPresent(having) ? [predicate({ ...context, place: "having" }, having)] : [];
  const all = [...conditions, ...written];
  return {
    outputs,
    group,
    having: all.length === 0 ? "" : ` HAVING ${all.join(" AND ")}`,
    isTotal: false,
    order: translateOrder(context, tail.order, outputs),
  };
}

/** The grand total over no rows is refused: whether SQL Server gives it a row is not certain. */
function grandTotal(context: Context): string {
  return call(
    context,
    "grand total",
    () =>
      (rows = null) =>
        Number(rows) > 0 ? 1 : unsupported("ROLLUP or CUBE over no rows"),
    ["count(*)"],
  );
}

function groupExpr(context: Context, json: Json): Expr {
  const expr = translate({ ...context, place: "group by" }, json);
  const own = context.names.sources.flatMap(({ columns }) => columns.map(({ sql }) => sql.split(".")[0] ?? ""));
  if (!own.some((alias) => expr.sql.includes(`${alias}.`))) {
    throw new SqlError("Each GROUP BY expression must contain at least one column that is not an outer reference.");
  }
  return expr;
}
