import { SqlError, unsupported } from "../values/sql-error.ts";
import { list, nameOf, node, unnested, variant, word, type Json } from "./ast.ts";
import type { Context, Expr } from "./model.ts";
import { keySql } from "./expr.ts";
import { translate } from "./expression.ts";

/** One ORDER BY item: SQLite's text to order by, its direction, and its output column, if it is one. */
export type OrderItem = { key: string; isDescending: boolean; output?: number };

/** An output column that ORDER BY may name. */
export type Output = { name?: string; expr: Expr };

/** The items of an ORDER BY clause as the parser gives them. */
export function orderItems(orderBy: Json | undefined): Json[] {
  const { name, body } = variant(node(orderBy)["kind"]);
  if (orderBy === null || orderBy === undefined) return [];
  if (list(body).some((item) => typeof node(node(item)["options"])["nulls_first"] === "boolean"))
    throw new SqlError("Incorrect syntax near 'NULLS'.");
  return name === "Expressions" ? list(body) : unsupported("ORDER BY ALL");
}

function position(json: Json, count: number): number | undefined {
  const { name, body } = variant(json);
  const { name: kind, body: inner } = variant(node(body)["value"]);
  if (name !== "Value") return undefined;
  const digits = word(list(inner)[0]) ?? "";
  if (kind !== "Number" || !/^\d+$/.test(digits))
    throw new SqlError("A constant expression was encountered in the ORDER BY list, position 1.");
  const at = Number(digits);
  if (at < 1 || at > count)
    throw new SqlError(`The ORDER BY position number ${at} is out of range of the number of items in the select list.`);
  return at - 1;
}

/** The output column an ORDER BY item means by its alias. */
function aliased(json: Json, outputs: readonly Output[]): number | undefined {
  const { name, body } = variant(json);
  if (name !== "Identifier") return undefined;
  const wanted = nameOf(body).trimEnd().toLowerCase();
  const hits = outputs.flatMap((output, at) => (output.name?.toLowerCase() === wanted ? [at] : []));
  const [first, ...others] = hits;
  if (first === undefined) return undefined;
  if (others.some((at) => outputs[at]?.expr.sql !== outputs[first]?.expr.sql))
    throw new SqlError(`Ambiguous column name '${nameOf(body)}'.`);
  return first;
}

/** Translates ORDER BY of a SELECT: positions, aliases, then expressions of its own scope. */
export function translateOrder(context: Context, items: readonly Json[], outputs: readonly Output[]): OrderItem[] {
  const orders = items.map((item): OrderItem => {
    const json = unnested(node(item)["expr"] ?? null);
    const isDescending = node(node(item)["options"])["asc"] === false;
    const output = position(json, outputs.length) ?? aliased(json, outputs);
    if (output !== undefined) {
      const expr = outputs[output]?.expr ?? { sql: "NULL", type: { kind: "null" } };
      return { key: keySql(context, expr), isDescending, output };
    }
    const expr = translate({ ...context, place: "order by" }, json);
    const same = outputs.findIndex(({ expr: own }) => own.sql === expr.sql);
    return { key: keySql(context, expr), isDescending, ...(same < 0 ? {} : { output: same }) };
  });
  return orders;
}

/** ORDER BY inside OVER and WITHIN GROUP: no positions, no aliases; `(SELECT NULL)` orders nothing. */
export function translateWindowOrder(context: Context, items: readonly Json[]): OrderItem[] {
  return items.flatMap((item) => {
    const json = unnested(node(item)["expr"] ?? null);
    const { name } = variant(json);
    if (name === "Value")
      throw new SqlError(
        "Windowed functions, aggregates and NEXT VALUE FOR functions do not support integer indices or constants as ORDER BY clause expressions.",
      );
    if (name === "Subquery" && isConstantSelect(json)) return [];
    const isDescending = node(node(item)["options"])["asc"] === false;
    return [{ key: keySql(context, translate({ ...context, place: "order by" }, json)), isDescending }];
  });
}

function isConstantSelect(json: Json): boolean {
  const { body } = variant(json);
  const select = node(node(node(body)["body"])["Select"]);
  const [only, ...more] = list(select["projection"]);
  return (
    list(select["from"]).length === 0 &&
    more.length === 0 &&
    variant(node(variant(only).body)).name !== "" &&
    JSON.stringify(only ?? null).includes('"Value"')
  );
}

/** `ORDER BY …` with a leading blank, or nothing. */
export function orderClause(items: readonly OrderItem[]): string {
  if (items.length === 0) return "";
  return ` ORDER BY ${items.map(({ key, isDescending }) => `${key}${isDescending ? " DESC" : ""}`).join(", ")}`;
}
