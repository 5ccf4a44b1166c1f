import { literalNumber, literalText } from "../types/literals.ts";
import type { Expression } from "../syntax/expression-tree.ts";
import type { Name } from "../syntax/tree.ts";
import type { SqlType } from "../types/sql-type.ts";
import type { Reading } from "./reading.ts";

/** One side of a comparison. */
export type Side = { expression: Expression; type: SqlType };

const numberText = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)?\s*$/;
const bitText = /^\s*(?:true|false)\s*$/i;

function columnName(expression: Expression): Name | undefined {
  return expression.kind === "column" ? expression.parts.at(-1) : undefined;
}

/** Whether a text would have to be read as a number that it is not, for the type of the column beside it. */
function failsAs(type: SqlType, text: string): boolean {
  if (type.kind === "bit") return !numberText.test(text) && !bitText.test(text);
  const isNumber = type.kind === "int" || type.kind === "decimal" || type.kind === "float";
  return isNumber && !numberText.test(text);
}

/**
 * Doubts comparisons that make SQL Server read texts as numbers, which fails the run at the first text that is no number: a text
 * column beside a number, a number column beside `'abc'`.
 */
export function doubtComparison(reading: Reading, left: Side, right: Side): void {
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
