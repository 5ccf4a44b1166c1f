import type { Reading } from "../read/reading.ts";
import { isSameName, ownColumn, type Relation, type Scope } from "../read/scope.ts";
import type { Expression } from "../syntax/expression-tree.ts";
import type { Name, Node } from "../syntax/tree.ts";
import { childrenOf } from "../syntax/walk.ts";

/** An expression without the parentheses around it. */
export function unnested(expression: Expression): Expression {
  return expression.kind === "parens" ? unnested(expression.inner) : expression;
}

/** The parts of a column's name, in parentheses too; none for any other expression. */
export function columnParts(expression: Expression): readonly Name[] {
  const inner = unnested(expression);
  return inner.kind === "column" ? inner.parts : [];
}

/** Whether a column of this name, of whatever table, stands anywhere in a node. */
export function mentions(node: Node, name: string): boolean {
  if (node.kind === "column") return isSameName(node.parts.at(-1)?.value ?? "", name);
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
