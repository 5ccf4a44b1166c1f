import { given } from "#lang/given.ts";
import type { Call, Expression } from "../syntax/expression-tree.ts";
import { ownName } from "../syntax/outputs.ts";
import type { Item as ItemNode } from "../syntax/tree.ts";
import { typeOfExpression } from "./expression.ts";
import type { Item } from "./item.ts";
import type { Reading } from "./reading.ts";
import { misnamed, relationNamed, type Relation, type Scope } from "./scope.ts";
import { unknownType } from "../types/sql-type.ts";
import { upperCase } from "../text/upper-case.ts";

/** No real table and column together have longer names (MCE 4.4). */
const usualLength = 256;

/** How much of the stars' room a relation takes: one for each column, more where it is long to write; one for no column, too. */
function sizeOf({ alias, columns }: Relation): number {
  const size = columns.reduce(
    (sum, { name = "" }) => sum + Math.ceil((alias.length + name.length + 1) / usualLength),
    0,
  );
  return Math.max(1, size);
}

function star(reading: Reading, relations: readonly Relation[], isQualified: boolean): Item {
  for (const relation of relations) {
    if (reading.stars.room < 0) break;
    reading.stars.room -= sizeOf(relation);
  }
  if (reading.stars.room < 0) return { kind: "star", columns: [], relations: [], isOpen: true, isQualified };
  const columns = relations.flatMap((relation) => relation.columns.map((column) => ({ relation, column })));
  // A column nobody named cannot be written out either.
  const isOpen =
    (reading.lostFrom !== undefined && !isQualified) ||
    relations.length === 0 ||
    relations.some((relation) => relation.isOpen) ||
    columns.some(({ column }) => column.name === undefined);
  return { kind: "star", columns, relations, isOpen, isQualified };
}

/** Functions that say less of a column than what they are given. */
const plainFunctions: ReadonlySet<string> = new Set(["TRIM", "SUBSTRING"]);
/** Functions whose name would be no better than a number. */
const namelessFunctions: ReadonlySet<string> = new Set(["FLOOR", "CEIL"]);

/** A good name for an expression that has none: the function's, or the column's it is made of. */
function suggestedName(node: Expression): string | undefined {
  if (node.kind === "call") return nameOfCall(node);
  if (node.kind === "method") return node.name.value;
  if (node.kind === "parens") return suggestedName(node.inner);
  return node.kind === "cast" || node.kind === "collate" ? nameBelow(node.operand) : undefined;
}

function nameBelow(node: Expression): string | undefined {
  return ownName(node) ?? suggestedName(node);
}

function nameOfCall({ name, args }: Call): string | undefined {
  const written = name.at(-1)?.value;
  const upper = upperCase(written ?? "");
  const source = upper === "TRIM" ? args.at(-1) : args[0];
  if (plainFunctions.has(upper) && source !== undefined) return nameBelow(source);
  return namelessFunctions.has(upper) ? undefined : written;
}

/** Reads one item of a select list in the scope of its FROM. */
export function itemOf(reading: Reading, { expression, alias }: ItemNode, scope: Scope): Item {
  if (expression.kind === "star") {
    const table = expression.table.at(-1)?.value;
    if (table === undefined) return star(reading, scope.relations, false);
    return star(reading, [relationNamed(scope, table) ?? []].flat(), true);
  }
  const type = typeOfExpression(reading, expression, scope);
  if (alias !== undefined)
    return { kind: "expression", type: type === misnamed ? unknownType : type, name: alias.name.value };
  return {
    kind: "expression",
    type,
    name: ownName(expression),
    ...given({ suggestion: suggestedName(expression) }),
  };
}
