import { said } from "./said.ts";
import type { Finding } from "../diagnostic.ts";
import type { Reading } from "../read/reading.ts";
import type { Scope } from "../read/scope.ts";
import type { Expression } from "../syntax/expression-tree.ts";
import { placeOf, selectsOf } from "../syntax/places.ts";
import type { Name, Node, Query, Select } from "../syntax/tree.ts";
import { childrenOf } from "../syntax/walk.ts";
import { isNullLiteral } from "../types/literals.ts";
import { columnParts, mentions, nullableIn, unnested } from "./nullable.ts";

type Negated = { kind: "query"; query: Query } | { kind: "list"; values: readonly Expression[]; of: Name | undefined };

/** What a node says a value is not in: `NOT IN (…)`, or NOT before an IN. */
function negated(node: Node): Negated | undefined {
  const isNot = node.kind === "not";
  const inner = isNot ? unnested(node.operand) : node;
  if (inner.kind !== "in" || inner.isNot === isNot) return undefined;
  if (inner.query !== undefined) return { kind: "query", query: inner.query };
  return { kind: "list", values: inner.list, of: columnParts(inner.operand).at(-1) };
}

function negatedIn(node: Node, found: Negated[]): void {
  const own = negated(node);
  if (own !== undefined) found.push(own);
  for (const child of childrenOf(node)) negatedIn(child, found);
}

/** The only column of a SELECT and its table, where MCE says that it may be empty and the SELECT does not look at it. */
function nullableColumn(reading: Reading, select: Select, scope: Scope): { name: Name; table: string } | undefined {
  const { items, where, from, having } = select;
  const [item] = items;
  const parts = item === undefined ? [] : columnParts(item.expression);
  const name = parts.at(-1);
  const table = items.length === 1 ? nullableIn(reading, scope, parts) : undefined;
  if (table === undefined || name === undefined) return undefined;
  // A condition on the column, even a join's, drops its NULLs.
  const conditions = [where, having, ...from].flatMap((condition) => condition ?? []);
  return conditions.some((condition) => mentions(condition, name.value)) ? undefined : { name, table };
}

/**
 * NOT IN over values of which one may be NULL: then it is true of no row at all, and the result is empty.
 *
 * Only where MCE says that the column may be empty, and nothing in the subquery asks for it.
 */
export function nullFindings(query: Query, reading: Reading): Finding[] {
  const found: Negated[] = [];
  negatedIn(query, found);
  const scopes = new Map(reading.selects.map(({ select, scope }) => [select, scope]));
  return found.flatMap((one): Finding[] => {
    if (one.kind === "list") {
      if (one.of === undefined || !one.values.some(isNullLiteral)) return [];
      const remark = { ...said("NOT_IN_NULL:list"), severity: "warning" as const };
      return [{ ...placeOf([one.of]), remark }];
    }
    return selectsOf(one.query).flatMap((select) => {
      const scope = scopes.get(select);
      const column = scope && nullableColumn(reading, select, scope);
      if (column === undefined) return [];
      const { name, table } = column;
      const remark = { ...said("NOT_IN_NULL:column", name.value, table), severity: "warning" as const };
      return [{ ...placeOf([name]), remark }];
    });
  });
}
