import { SqlError } from "../../values/sql-error.ts";
import { float, int, typeName } from "../../types.ts";
import type { Context, Expr } from "../model.ts";
import { implicit } from "../expr.ts";
import { argument, type Call } from "./builder.ts";

/** The argument as a number: text and bits become float, as in SQL Server's numeric functions. */
export function numberArgument(context: Context, written: Call, at: number): Expr {
  const value = argument(context, written, at);
  switch (value.type.kind) {
    case "int":
    case "decimal":
    case "float":
      return value;
    case "null":
      return { ...value, type: int };
    case "text":
      return implicit(context, value, float);
    case "bit":
      return implicit(context, value, float);
    case "moment":
    case "time":
    case "offset":
    case "guid":
    case "binary":
    case "xml":
      throw new SqlError(
        `Argument data type ${typeName(value.type)} is invalid for argument ${at + 1} of ${written.name} function.`,
      );
  }
}

/** The argument as a float. */
export function floatArgument(context: Context, written: Call, at: number): Expr {
  return implicit(context, numberArgument(context, written, at), float);
}
