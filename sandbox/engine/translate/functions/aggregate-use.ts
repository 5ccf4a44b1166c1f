import { SqlError } from "../../values/sql-error.ts";
import { typeName, type SqlType } from "../../types.ts";
import type { Expr } from "../model.ts";

/** An OVER clause in SQLite's text, empty when there is none; `isSliding` when its frame's start moves. */
export type Over = { sql: string; isSliding: boolean; isOrdered: boolean };

/** One use of an aggregate: its value, `DISTINCT ` or nothing, and its OVER. */
export type Use = { value: Expr; distinct: string; over: Over };

/** The error for a type an aggregate does not take. */
export function invalid(type: SqlType, name: string): SqlError {
  const shown = type.kind === "null" ? "NULL" : typeName(type);
  return new SqlError(`Operand data type ${shown} is invalid for ${name} operator.`);
}
