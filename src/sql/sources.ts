import { at, listAt, variant } from "./read/ast.ts";
import { readQuery } from "./query.ts";
import { literalText } from "./types/literals.ts";

/** Where the values of an output column come from: one text or NULL in every row, or whatever the rows give. */
export type Source = { kind: "text"; value: string } | { kind: "null" } | { kind: "rows" };

const rows: Source = { kind: "rows" };

/**
 * The sources of a query's output columns, in their order.
 *
 * @param sql stars written out
 * @returns nothing for a query whose columns are not those of one plain SELECT
 */
export function sourcesOf(sql: string): readonly Source[] | undefined {
  const { tree } = readQuery(sql);
  if (tree.kind === "unknown") return undefined;
  const { tag, body } = variant(at(tree.query, "body"));
  return tag === "Select" ? listAt(body, "projection").map(sourceOf) : undefined;
}

function sourceOf(item: unknown): Source {
  const { tag, body } = variant(item);
  if (tag !== "UnnamedExpr" && tag !== "ExprWithAlias") return rows;
  const expression = unnested(tag === "ExprWithAlias" ? at(body, "expr") : body);
  const value = literalText(expression);
  if (value !== undefined) return { kind: "text", value };
  const node = variant(expression);
  return node.tag === "Value" && variant(at(node.body, "value")).tag === "Null" ? { kind: "null" } : rows;
}

function unnested(expression: unknown): unknown {
  const { tag, body } = variant(expression);
  return tag === "Nested" ? unnested(body) : expression;
}
