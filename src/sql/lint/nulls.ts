import type { Finding } from "../diagnostic.ts";
import { at, childrenOf, listAt, variant, type Name } from "../read/ast.ts";
import type { Reading } from "../read/reading.ts";
import type { Scope } from "../read/scope.ts";
import { placeOf } from "../text/places.ts";
import { columnParts, mentions, nullableIn, unnested } from "./nullable.ts";

type Negated = { kind: "query"; query: unknown } | { kind: "list"; values: readonly unknown[]; of: Name | undefined };

/** What a node says a value is not in: `NOT IN (…)`, or NOT before an IN. */
function negated(node: unknown): Negated | undefined {
  const { tag, body } = variant(node);
  const isNot = tag === "UnaryOp" && at(body, "op") === "Not";
  const inner = isNot ? variant(unnested(at(body, "expr"))) : { tag, body };
  if ((at(inner.body, "negated") === true) === isNot) return undefined;
  if (inner.tag === "InSubquery") return { kind: "query", query: at(inner.body, "subquery") };
  const of = columnParts(at(inner.body, "expr")).at(-1);
  return inner.tag === "InList" ? { kind: "list", values: listAt(inner.body, "list"), of } : undefined;
}

function negatedIn(node: unknown, found: Negated[]): void {
  if (typeof node !== "object" || node === null) return;
  const own = negated(node);
  if (own !== undefined) found.push(own);
  for (const child of childrenOf(node)) negatedIn(child, found);
}

/** The SELECTs whose rows a query gives: one, or the branches of its set operations. */
function selectsOf(query: unknown): unknown[] {
  const { tag, body } = variant(at(query, "body") ?? query);
  if (tag === "Select") return [body];
  if (tag === "Query") return selectsOf(body);
  return tag === "SetOperation" ? [...selectsOf(at(body, "left")), ...selectsOf(at(body, "right"))] : [];
}

/** The only column of a SELECT and its table, where MCE says that it may be empty and the SELECT does not look at it. */
function nullableColumn(reading: Reading, select: unknown, scope: Scope): { name: Name; table: string } | undefined {
  const items = listAt(select, "projection");
  const item = variant(items[0]);
  const parts = columnParts(item.tag === "ExprWithAlias" ? at(item.body, "expr") : item.body);
  const name = parts.at(-1);
  const table = items.length === 1 ? nullableIn(reading, scope, parts) : undefined;
  if (table === undefined || name === undefined) return undefined;
  // A condition on the column, even a join's, drops its NULLs.
  const conditions = [at(select, "selection"), at(select, "from"), at(select, "having")];
  return conditions.some((condition) => mentions(condition, name.value)) ? undefined : { name, table };
}

function isNull(node: unknown): boolean {
  return variant(at(at(node, "Value"), "value")).tag === "Null";
}

/**
 * NOT IN over values of which one may be NULL: then it is true of no row at all, and the result is empty.
 *
 * Only where MCE says that the column may be empty, and nothing in the subquery asks for it.
 */
export function nullFindings(query: unknown, reading: Reading): Finding[] {
  const found: Negated[] = [];
  negatedIn(query, found);
  const scopes = new Map(reading.selects.map(({ select, scope }) => [select, scope]));
  return found.flatMap((one): Finding[] => {
    if (one.kind === "list") {
      if (one.of === undefined || !one.values.some(isNull)) return [];
      const message = "NOT IN with NULL in its list is true of no row: the result is empty";
      const remark = { code: "NOT_IN_NULL", severity: "warning" as const, message, fix: "Delete NULL from the list" };
      return [{ ...placeOf(reading, [one.of]), remark }];
    }
    return selectsOf(one.query).flatMap((select) => {
      const scope = scopes.get(select);
      const column = scope && nullableColumn(reading, select, scope);
      if (column === undefined) return [];
      const { name, table } = column;
      const message = `${name.value} may be empty in ${table}: one NULL there, and NOT IN is true of no row`;
      const fix = `Add WHERE ${name.value} IS NOT NULL to the inner SELECT, or use NOT EXISTS`;
      return [
        { ...placeOf(reading, [name]), remark: { code: "NOT_IN_NULL", severity: "warning" as const, message, fix } },
      ];
    });
  });
}
