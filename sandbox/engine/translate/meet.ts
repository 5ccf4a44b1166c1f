import { SqlError } from "../values/sql-error.ts";
import { meetingCollation } from "./collation.ts";
import type { Context, Expr } from "./model.ts";
import { implicit, keySql } from "./expr.ts";
import { commonType } from "./type-rules.ts";

/** SQLite's texts of compared values, in their common type. */
export function met(context: Context, values: readonly Expr[]): string[] {
  const common = values.map(({ type }) => type).reduce(commonType);
  if (common.kind === "xml")
    throw new SqlError("The data types xml and xml are incompatible in the equal to operator.");
  const inOne = meetingCollation(values);
  return values.map((value) =>
    keySql(context, inOne(needsMeeting(value, common) ? implicit(context, value, common) : value)),
  );
}

/** Texts of all lengths compare by their keys; decimals only at one scale. */
function needsMeeting({ type }: Expr, common: Expr["type"]): boolean {
  return !(type.kind === "text" && common.kind === "text");
}
