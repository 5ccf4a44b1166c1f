import { SqlError, unsupported } from "../values/sql-error.ts";
import { list, node, unnested, variant, word, type Json, type Node } from "./ast.ts";

/** How many rows of an ordered query are wanted. */
export type Cut = { rows: number; isPercent: boolean; withTies: boolean; offset?: number };

/** The clauses after a query's body. */
export type Tail = { order: readonly Json[]; offset?: Cut; isXml: boolean };

function wholeNumber(json: Json, clause: string): number {
  const { name, body } = variant(unnested(json));
  if (name === "Value") {
    const { name: kind, body: inner } = variant(node(body)["value"]);
    const digits = word(list(inner)[0]);
    if (kind === "Number" && digits !== undefined) return Number(digits);
  }
  return unsupported(`${clause} with an expression that is no number`);
}

/** TOP of a SELECT. */
export function readTop(top: Node): Cut {
  const { name, body } = variant(top["quantity"]);
  const isPercent = top["percent"] === true;
  const rows = name === "Constant" ? Number(body) : wholeNumber(body, "TOP");
  if (isPercent && !(rows >= 0 && rows <= 100)) throw new SqlError("Percent values must be between 0 and 100.");
  if (!isPercent && !Number.isInteger(rows))
    throw new SqlError(
      "The number of rows provided for a TOP or FETCH clauses row count parameter must be an integer.",
    );
  return { rows, isPercent, withTies: top["with_ties"] === true };
}

/** OFFSET … FETCH of a query. */
export function readOffset(limit: Json | undefined, fetch: Json | undefined): Cut | undefined {
  const { name, body } = variant(limit);
  const fetched = node(fetch);
  if (limit === null || limit === undefined) {
    if (fetched["quantity"] === undefined) return undefined;
    throw new SqlError("Invalid usage of the option FIRST in the FETCH statement.");
  }
  if (name !== "LimitOffset") return unsupported(`a ${name} clause`);
  const parts = node(body);
  if (parts["limit"] !== null && parts["limit"] !== undefined) throw new SqlError("Incorrect syntax near 'LIMIT'.");
  const offset = wholeNumber(node(parts["offset"])["value"] ?? null, "OFFSET");
  const quantity = fetched["quantity"];
  return {
    rows: quantity === null || quantity === undefined ? -1 : wholeNumber(quantity, "FETCH"),
    isPercent: false,
    withTies: false,
    offset,
  };
}
