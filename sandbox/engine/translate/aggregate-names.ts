import { list, node, partsOfName, variant, type Json } from "./ast.ts";

/** Functions that make one value out of many rows. */
export const aggregateNames = new Set([
  "count",
  "count_big",
  "sum",
  "avg",
  "min",
  "max",
  "string_agg",
  "stdev",
  "stdevp",
  "var",
  "varp",
  "grouping",
  "grouping_id",
  "checksum_agg",
  "approx_count_distinct",
]);

/** Parts of the tree that are queries of their own and keep their aggregates. */
const queries = new Set(["Subquery", "Exists"]);

/** True when an aggregate stands in the tree that is neither windowed nor inside a subquery. */
export function hasAggregate(json: Json): boolean {
  if (json === null || typeof json !== "object") return false;
  if (Array.isArray(json)) return json.some(hasAggregate);
  const { name, body } = variant(json);
  if (queries.has(name)) return false;
  if (name === "InSubquery") return hasAggregate(node(body)["expr"] ?? null);
  if (name === "Function") {
    const call = node(body);
    const own = (partsOfName(call["name"]).at(-1) ?? "").toLowerCase();
    if (aggregateNames.has(own) && (call["over"] === null || call["over"] === undefined)) return true;
  }
  return Object.values(json).some((part) => hasAggregate(part ?? null));
}

/** The arguments of a function call that are expressions, in order. */
export function argumentsOf(call: { [key: string]: Json }): Json[] {
  const given = node(node(call["args"])["List"]);
  return list(given["args"]).map((argument) => {
    const { name, body } = variant(argument);
    const { name: kind, body: inner } = variant(body);
    return name === "Unnamed" && kind === "Expr" ? inner : kind === "Wildcard" ? "Wildcard" : body;
  });
}
