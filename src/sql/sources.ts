import { at, listAt, nameOf, namesOf, variant } from "./read/ast.ts";
import { readQuery } from "./query.ts";
import { functionArguments } from "./read/tables.ts";
import { literalText } from "./types/literals.ts";

/**
 * Where the values of an output column come from: a field of a table as it stands, one text or NULL in every row, or
 * something worked out, whose type is right but whose length is only the longest possible.
 */
export type Source = { kind: "field" } | { kind: "text"; value: string } | { kind: "null" } | { kind: "computed" };

const computed: Source = { kind: "computed" };

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
  if (tag !== "Select") return undefined;
  const common = listAt(at(tree.query, "with"), "cte_tables");
  // Behind a derived table, a common one or an APPLY a plain name may be anything.
  const isPlain = common.length === 0 && listAt(body, "from").every(readsTablesOnly);
  return listAt(body, "projection").map((item) => sourceOf(item, isPlain));
}

function sourceOf(item: unknown, isPlain: boolean): Source {
  const { tag, body } = variant(item);
  if (tag !== "UnnamedExpr" && tag !== "ExprWithAlias") return computed;
  const expression = unnested(tag === "ExprWithAlias" ? at(body, "expr") : body);
  const value = literalText(expression);
  if (value !== undefined) return { kind: "text", value };
  const node = variant(expression);
  if (node.tag === "Value" && variant(at(node.body, "value")).tag === "Null") return { kind: "null" };
  const name = node.tag === "Identifier" ? nameOf(node.body) : undefined;
  const isName = name !== undefined || (node.tag === "CompoundIdentifier" && namesOf(node.body).length > 0);
  return isName && isPlain ? { kind: "field" } : computed;
}

function unnested(expression: unknown): unknown {
  const { tag, body } = variant(expression);
  return tag === "Nested" ? unnested(body) : expression;
}

function readsTablesOnly(from: unknown): boolean {
  const relations = [at(from, "relation"), ...listAt(from, "joins").map((join) => at(join, "relation"))];
  return relations.every((relation) => {
    const table = at(relation, "Table");
    return table !== undefined && functionArguments(table) === undefined;
  });
}
