import { SqlError, unsupported } from "../values/sql-error.ts";
import { list, node, unnested, variant, word, type Json, type Node } from "./ast.ts";
import { comparisonAmong } from "./collation.ts";
import type { Context, Expr } from "./model.ts";
import { call, implicit } from "./expr.ts";
import { translate } from "./expression.ts";
import { met } from "./meet.ts";
import { likeMatcher } from "../udfs/like.ts";
import { existsSubquery, quantified, subqueryKeys } from "./subquery.ts";
import { asText } from "./type-rules.ts";
import { equality } from "./equality.ts";

const comparisons: Record<string, string> = { Eq: "=", NotEq: "<>", Lt: "<", Gt: ">", LtEq: "<=", GtEq: ">=" };

function compare(context: Context, op: string, left: Expr, right: Expr): string {
  const [a = "", b = ""] = met(context, [left, right]);
  return op === "=" ? equality(context, a, b) : `(${a} ${op} ${b})`;
}

function flattened(json: Json, op: string): Json[] {
  const parts: Json[] = [];
  const waiting: Json[] = [json];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const bare = unnested(at);
    const { name, body } = variant(bare);
    const inner = node(body);
    if (name === "BinaryOp" && inner["op"] === op) waiting.push(inner["right"] ?? null, inner["left"] ?? null);
    else parts.push(bare);
  }
  return parts;
}

/** Joined as a balanced tree: SQLite refuses expressions nested deeper than 1,000. */
function balanced(parts: readonly string[], glue: string): string {
  if (parts.length <= 2) return `(${parts.join(glue)})`;
  const middle = Math.ceil(parts.length / 2);
  return `(${balanced(parts.slice(0, middle), glue)}${glue}${balanced(parts.slice(middle), glue)})`;
}

function binary(context: Context, body: Node, whole: Json): string {
  const op = word(body["op"]) ?? variant(body["op"]).name;
  if (op === "And" || op === "Or") {
    return balanced(
      flattened(whole, op).map((part) => predicate(context, part)),
      op === "And" ? " AND " : " OR ",
    );
  }
  const symbol = comparisons[op];
  if (symbol === undefined) return notACondition();
  return compare(context, symbol, translate(context, body["left"] ?? null), translate(context, body["right"] ?? null));
}

function notACondition(): never {
  throw new SqlError("An expression of non-boolean type specified in a context where a condition is expected.");
}

function like(context: Context, body: Node): string {
  const value = translate(context, body["expr"] ?? null);
  const pattern = translate(context, body["pattern"] ?? null);
  const [text, wanted] = [value, pattern].map((side) => implicit(context, side, asText(side.type)));
  if (text === undefined || wanted === undefined) return notACondition();
  const unicode = asText(value.type).unicode || asText(pattern.type).unicode;
  const { value: escaped } = node(body["escape_char"]);
  const escape = word(escaped) ?? word(variant(escaped).body) ?? "";
  if (escape.length > 1)
    throw new SqlError(`The invalid escape character "${escape}" was specified in a LIKE predicate.`);
  const comparison = comparisonAmong([text.type, wanted.type]);
  const matched = call(
    context,
    `like ${escape} ${unicode} ${comparison.id}`,
    () => likeMatcher(escape, unicode, comparison),
    [text.sql, wanted.sql],
  );
  return body["negated"] === true ? `(NOT ${matched})` : matched;
}

function inList(context: Context, body: Node): string {
  const value = translate(context, body["expr"] ?? null);
  const items = list(body["list"]).map((item) => translate(context, item));
  // SQL Server compares with the common type of all, so that one number makes every text a number.
  const [left = "", ...rights] = met(context, [value, ...items]);
  return `(${left} ${body["negated"] === true ? "NOT " : ""}IN (${rights.join(", ")}))`;
}

function between(context: Context, body: Node): string {
  const value = translate(context, body["expr"] ?? null);
  const low = compare(context, ">=", value, translate(context, body["low"] ?? null));
  const high = compare(context, "<=", value, translate(context, body["high"] ?? null));
  return body["negated"] === true ? `(NOT (${low} AND ${high}))` : `(${low} AND ${high})`;
}

/** Translates a condition into SQLite's text; three-valued, as T-SQL's. Throws SqlError or Unsupported. */
export function predicate(context: Context, json: Json): string {
  const bare = unnested(json);
  const { name, body } = variant(bare);
  const parts = node(body);
  const negated = parts["negated"] === true;
  switch (name) {
    case "BinaryOp":
      return binary(context, parts, bare);
    case "UnaryOp":
      return parts["op"] === "Not" ? `(NOT ${predicate(context, parts["expr"] ?? null)})` : notACondition();
    case "IsNull":
      return `(${translate(context, body).sql} IS NULL)`;
    case "IsNotNull":
      return `(${translate(context, body).sql} IS NOT NULL)`;
    case "Between":
      return between(context, parts);
    case "InList":
      return inList(context, parts);
    case "InSubquery":
      return `(${subqueryKeys(context, translate(context, parts["expr"] ?? null), parts["subquery"] ?? null, negated)})`;
    case "Like":
      return like(context, parts);
    case "Exists":
      return `(${negated ? "NOT " : ""}${existsSubquery(context, parts["subquery"] ?? null)})`;
    case "AnyOp":
    case "AllOp":
      return quantified(context, name === "AnyOp", parts, comparisons[word(parts["compare_op"]) ?? ""]);
    case "IsDistinctFrom":
    case "IsNotDistinctFrom":
      return unsupported("IS DISTINCT FROM");
    default:
      return notACondition();
  }
}
