import { SqlError } from "../values/sql-error.ts";
import { typeName, type SqlType } from "../types.ts";

const words: Record<string, string> = {
  "+": "add",
  "-": "subtract",
  "*": "multiply",
  "/": "divide",
  "%": "modulo",
  "&": "boolean AND",
  "|": "boolean OR",
  "^": "boolean XOR",
};

/** The error for a type an operator does not take. */
export function invalid(type: SqlType, op: string): SqlError {
  return new SqlError(`Operand data type ${typeName(type)} is invalid for ${words[op] ?? op} operator.`);
}
