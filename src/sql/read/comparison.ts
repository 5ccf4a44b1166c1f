import { literalNumber, literalText } from "../types/literals.ts";
import type { SqlType } from "../types/sql-type.ts";
import { nameOf, namesOf, variant, type Name } from "./ast.ts";
import type { Reading } from "./reading.ts";

/** One side of a comparison. */
export type Side = { expression: unknown; type: SqlType };

const comparisons = new Set(["Eq", "NotEq", "Lt", "LtEq", "Gt", "GtEq"]);
const numberText = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)?\s*$/;
const bitText = /^\s*(?:true|false)\s*$/i;

function columnName(expression: unknown): Name | undefined {
  const { tag, body } = variant(expression);
  if (tag === "Identifier") return nameOf(body);
  return tag === "CompoundIdentifier" ? namesOf(body).at(-1) : undefined;
}

/** Whether a text would have to be read as a number that it is not, for the type of the column beside it. */
function failsAs(type: SqlType, text: string): boolean {
  if (type.kind === "bit") return !numberText.test(text) && !bitText.test(text);
  const isNumber = type.kind === "int" || type.kind === "decimal" || type.kind === "float";
  return isNumber && !numberText.test(text);
}

/**
 * Doubts comparisons that make SQL Server read texts as numbers, which fails the run at the first text that is none: a text
 * column beside a number, a number column beside `'abc'`.
 */
export function doubtComparison(reading: Reading, operator: string, left: Side, right: Side): void {
  if (!comparisons.has(operator)) return;
  for (const [column, value] of [
    [left, right],
    [right, left],
  ] as const) {
    const name = columnName(column.expression);
    if (name === undefined) continue;
    const text = literalText(value.expression);
    const number = literalNumber(value.expression);
    if (column.type.kind === "text" && text === undefined && number !== undefined) {
      reading.doubts.push({ kind: "comparison", name, columnIs: "text" });
    } else if (text !== undefined && failsAs(column.type, text)) {
      reading.doubts.push({ kind: "comparison", name, columnIs: "number" });
    }
  }
}
