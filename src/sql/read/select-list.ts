import { given } from "#lang/given.ts";
import { literalText } from "../types/literals.ts";
import type { SqlType } from "../types/sql-type.ts";
import { at, nameOf, namesOf, variant, type Name } from "./ast.ts";
import { typeOfExpression } from "./expression.ts";
import type { Reading } from "./reading.ts";
import { relationNamed, type Column, type Relation, type Scope } from "./scope.ts";

/** A column of a star: which relation's, so that it can be written out. */
export type StarColumn = { relation: Relation; column: Column };

/** No real table and column together have longer names (MCE 4.4). */
const usualLength = 256;

/** One item of a select list: what a star stands for, or an expression's type and name. */
export type Item =
  | { kind: "star"; columns: StarColumn[]; relations: readonly Relation[]; isOpen: boolean }
  | { kind: "expression"; type: SqlType; name: string | undefined; suggestion?: string; alias?: Name };

/** How much of the stars' room a relation's columns take: one each, more where it is long to write. */
function sizeOf({ alias, columns }: Relation): number {
  return columns.reduce((sum, { name = "" }) => sum + Math.ceil((alias.length + name.length + 1) / usualLength), 0);
}

function star(reading: Reading, relations: readonly Relation[]): Item {
  for (const relation of relations) if (reading.stars.room >= 0) reading.stars.room -= sizeOf(relation);
  if (reading.stars.room < 0) return { kind: "star", columns: [], relations, isOpen: true };
  const columns = relations.flatMap((relation) => relation.columns.map((column) => ({ relation, column })));
  // A column nobody named cannot be written out either.
  const isOpen =
    relations.length === 0 ||
    relations.some((relation) => relation.isOpen) ||
    columns.some(({ column }) => column.name === undefined);
  return { kind: "star", columns, relations, isOpen };
}

/** The name T-SQL gives an expression without alias: a column's own, in parentheses too. */
function ownName(expression: unknown): string | undefined {
  const { tag, body } = variant(expression);
  if (tag === "Identifier") return nameOf(body)?.value;
  if (tag === "CompoundIdentifier") return namesOf(body).at(-1)?.value;
  return tag === "Nested" ? ownName(body) : undefined;
}

/** A good name for an expression that has none: the function's, or the column's it is made of. */
function suggestedName(expression: unknown): string | undefined {
  const { tag, body } = variant(expression);
  if (tag === "Function") return namesOf(at(body, "name")).at(-1)?.value;
  if (tag === "Nested") return suggestedName(body);
  if (tag === "Cast" || tag === "Convert" || tag === "Collate" || tag === "Trim" || tag === "Substring") {
    return ownName(at(body, "expr")) ?? suggestedName(at(body, "expr"));
  }
  return undefined;
}

function expressionItem(reading: Reading, expression: unknown, alias: Name | undefined, scope: Scope): Item {
  const type = typeOfExpression(reading, expression, scope);
  if (alias !== undefined) return { kind: "expression", type, name: alias.value, alias };
  const suggestion = suggestedName(expression);
  const name = ownName(expression);
  return { kind: "expression", type, name, ...given({ suggestion }) };
}

/** `'x' = expression`, which the parser takes for a comparison: no select list may hold one. */
function stringAssignment(expression: unknown): { alias: Name; expression: unknown } | undefined {
  const { tag, body } = variant(expression);
  const value = tag === "BinaryOp" && at(body, "op") === "Eq" ? literalText(at(body, "left")) : undefined;
  return value === undefined
    ? undefined
    : { alias: { value, quoted: true, span: undefined }, expression: at(body, "right") };
}

/** Reads one item of a select list in the scope of its FROM. */
export function itemOf(reading: Reading, node: unknown, scope: Scope): Item {
  const { tag, body } = variant(node);
  switch (tag) {
    case "Wildcard":
      return star(reading, scope.relations);
    case "QualifiedWildcard": {
      const target: unknown = Array.isArray(body) ? body[0] : undefined;
      const name = namesOf(at(target, "ObjectName")).at(-1)?.value ?? "";
      return star(reading, [relationNamed(scope, name) ?? []].flat());
    }
    case "UnnamedExpr": {
      const assigned = stringAssignment(body);
      return assigned === undefined
        ? expressionItem(reading, body, undefined, scope)
        : expressionItem(reading, assigned.expression, assigned.alias, scope);
    }
    case "ExprWithAlias":
      return expressionItem(reading, at(body, "expr"), nameOf(at(body, "alias")), scope);
    default:
      return expressionItem(reading, node, undefined, scope);
  }
}
