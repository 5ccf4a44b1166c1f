import { childrenOf, nameOf, namesOf, variant, type Name } from "../read/ast.ts";
import type { Reading } from "../read/reading.ts";
import { isSameName, ownColumn, type Relation, type Scope } from "../read/scope.ts";

/** An expression without the parentheses around it. */
export function unnested(node: unknown): unknown {
  const { tag, body } = variant(node);
  return tag === "Nested" ? unnested(body) : node;
}

/** The parts of a column's name, in parentheses too; none for any other expression. */
export function columnParts(node: unknown): Name[] {
  const { tag, body } = variant(unnested(node));
  if (tag === "Identifier") return [nameOf(body) ?? []].flat();
  return tag === "CompoundIdentifier" ? namesOf(body) : [];
}

/** Whether a column of this name, of whatever table, stands anywhere in a node. */
export function mentions(node: unknown, name: string): boolean {
  if (typeof node !== "object" || node === null) return false;
  const own = columnParts(node).at(-1);
  if (own !== undefined && isSameName(own.value, name)) return true;
  return childrenOf(node).some((child) => mentions(child, name));
}

function tableOf({ relations }: Scope, parts: readonly Name[]): Relation | undefined {
  const column = parts.at(-1)?.value ?? "";
  const alias = parts.at(-2)?.value;
  const owners = relations.filter((relation) =>
    alias === undefined ? ownColumn(relation, column.toLowerCase()) !== undefined : isSameName(relation.alias, alias),
  );
  return owners.length === 1 ? owners[0] : undefined;
}

/** The table of these tables that has a column, where MCE says that the column may be empty; nothing where nobody knows. */
export function nullableIn(reading: Reading, scope: Scope, parts: readonly Name[]): string | undefined {
  const column = parts.at(-1)?.value;
  const table = column === undefined ? undefined : tableOf(scope, parts)?.table;
  const field = table && reading.fieldsOf(table)?.find(({ name }) => isSameName(name, column ?? ""));
  return field?.isNullable === true ? table?.name : undefined;
}
