import { readText } from "./query.ts";
import type { Item } from "./syntax/tree.ts";
import { isNullLiteral, literalText } from "./types/literals.ts";

/** Where the values of an output column come from: one text or NULL in every row, or whatever the rows give. */
export type Source = { kind: "text"; value: string } | { kind: "null" } | { kind: "rows" };

/**
 * The sources of a query's output columns, in their order.
 *
 * @param sql stars written out
 * @returns nothing for a query whose columns are not those of one plain SELECT
 */
export function sourcesOf(sql: string): readonly Source[] | undefined {
  const { tree, lost, isOther } = readText(sql);
  if (lost !== undefined || isOther) return undefined;
  return tree.body.kind === "select" ? tree.body.items.map(sourceOf) : undefined;
}

function sourceOf({ expression }: Item): Source {
  const value = literalText(expression);
  if (value !== undefined) return { kind: "text", value };
  return { kind: isNullLiteral(expression) ? "null" : "rows" };
}
