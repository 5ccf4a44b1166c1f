import { SqlError, unsupported } from "../values/sql-error.ts";
import { isUserFunction } from "../rules/reserved-words.ts";
import { decimal, float, int, nullType, text } from "../types.ts";
import { list, nameOf, node, unnested, variant, word, type Json } from "./ast.ts";
import { translateCase } from "./case.ts";
import { collated } from "./collation.ts";
import type { Context, Expr } from "./model.ts";
import { constant } from "./expr.ts";
import { asShown, groupedAs, shown } from "./grouped.ts";
import { groupedAround, resolveName, resolveQualified, ungroupedScope } from "./names.ts";
import { translateCast, translateConvert } from "./conversion.ts";
import { translateAtTimeZone } from "./functions/zones.ts";
import { translateFunction, translateSpecial } from "./functions/registry.ts";
import { arithmetic, negate } from "./operators.ts";
import { scalarSubquery } from "./subquery.ts";

function numberLiteral(digits: string): Expr {
  if (/e/i.test(digits)) {
    if (!Number.isFinite(Number(digits)))
      throw new SqlError(
        `The floating point value '${digits}' is out of the range of computer representation (8 bytes).`,
      );
    return constant(Number(digits), float);
  }
  const [whole = "", fraction] = digits.split(".");
  if (fraction === undefined) {
    const value = BigInt(whole);
    if (value <= 2_147_483_647n) return { ...constant(Number(value), int), isLiteral: true };
    return constant(String(value), decimal(String(value).length, 0));
  }
  const stripped = whole.replace(/^0+/, "");
  const printed = `${stripped === "" ? "0" : stripped}${fraction === "" ? "" : `.${fraction}`}`;
  return constant(printed, decimal(Math.max(1, stripped.length + fraction.length), fraction.length));
}

function literal(body: Json): Expr {
  const { name, body: inner } = variant(node(body)["value"]);
  const value = word(inner) ?? "";
  switch (name) {
    case "Number":
      return numberLiteral(word(list(inner)[0]) ?? "");
    case "SingleQuotedString":
      return constant(value, text(Math.max(1, value.length)));
    case "NationalStringLiteral":
      return constant(value, text(Math.max(1, value.length), true));
    case "HexStringLiteral":
      return constant(Buffer.from(value.length % 2 === 1 ? `0${value}` : value, "hex"), {
        kind: "binary",
        length: Math.max(1, Math.ceil(value.length / 2)),
      });
    case "Null":
      return constant(null, nullType);
    case "Placeholder":
      throw new SqlError(`Must declare the scalar variable "${value}".`);
    case "Boolean":
      throw new SqlError(`Invalid column name '${inner === true}'.`);
    default:
      return unsupported(`a literal of kind ${name}`);
  }
}

function column(context: Context, parts: readonly string[]): Expr {
  const [name = ""] = parts;
  if (parts.length === 1 && name.startsWith("@")) throw new SqlError(`Must declare the scalar variable "${name}".`);
  const found = parts.length === 1 ? resolveName(context.names, name) : resolveQualified(context.names, parts);
  return isOwn(context, found) ? asShown(context, found, parts.join(".")) : found;
}

/** True for a column of this SELECT, false for one of an outer query. */
function isOwn({ names }: Context, found: Expr): boolean {
  return names.sources.some(({ columns }) => columns.some(({ sql }) => sql === found.sql));
}

/** Above GROUP BY, and in subqueries there, an expression may be one of the grouped ones as a whole. */
function asGrouped(context: Context, json: Json): Expr | undefined {
  const { grouped: own = [], ...plain } = context;
  const grouped = [...own, ...groupedAround(context.names.outer)];
  if (grouped.length === 0) return undefined;
  const { name } = variant(json);
  if (["Value", "Identifier", "CompoundIdentifier", "Subquery", "Exists"].includes(name)) return undefined;
  try {
    const whole = translate({ ...plain, names: ungroupedScope(context.names), place: "group by" }, json);
    const same = groupedAs(grouped, whole.sql);
    return same === undefined ? undefined : shown(same);
  } catch {
    // It has an aggregate or a subquery, so it is not a grouped expression; its parts come next.
    return undefined;
  }
}

/**
 * Translates an expression that gives a value. Throws SqlError or Unsupported.
 *
 * Expressions contain queries, and queries contain expressions. So `translate`, `predicate` and `translateQuery` call each other,
 * and the files between them, functions included, import each other in a circle. It is the only circle here.
 */
export function translate(context: Context, json: Json): Expr {
  const bare = unnested(json);
  return asGrouped(context, bare) ?? translateParts(context, bare);
}

function translateParts(context: Context, json: Json): Expr {
  const { name, body } = variant(json);
  const parts = node(body);
  switch (name) {
    case "Identifier":
      return isUserFunction(body)
        ? unsupported(`the function ${nameOf(body).toUpperCase()}`)
        : column(context, [nameOf(body)]);
    case "CompoundIdentifier":
      return column(context, list(body).map(nameOf));
    case "Value":
      return literal(body);
    case "BinaryOp":
      return arithmetic(context, parts);
    case "UnaryOp":
      return negate(context, parts);
    case "Case":
      return translateCase(context, parts);
    case "Cast":
      return translateCast(context, parts);
    case "Convert":
      return translateConvert(context, parts);
    case "Function":
      return translateFunction(context, parts);
    case "Subquery":
      return scalarSubquery(context, body);
    case "AtTimeZone":
      return translateAtTimeZone(context, parts);
    case "Collate":
      return withCollation(context, parts);
    case "Substring":
    case "Trim":
    case "Ceil":
    case "Floor":
    case "CompoundFieldAccess":
    case "TypedString":
      return translateSpecial(context, name, parts);
    default:
      return valueExpected(name);
  }
}

const predicates = new Set([
  "Between",
  "InList",
  "InSubquery",
  "Like",
  "IsNull",
  "IsNotNull",
  "Exists",
  "AnyOp",
  "AllOp",
]);

function valueExpected(name: string): never {
  if (predicates.has(name)) throw new SqlError("Incorrect syntax: a condition stands where a value is expected.");
  return unsupported(`the expression ${name}`);
}

function withCollation(context: Context, parts: { [key: string]: Json }): Expr {
  const written = list(parts["collation"]).map((part) => nameOf(node(part)["Identifier"]));
  return collated(translate(context, parts["expr"] ?? null), written.join("."));
}
