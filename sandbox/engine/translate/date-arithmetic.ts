import { settleMoment } from "../convert/to-moment.ts";
import { dayMs, zeroDate } from "../values/calendar.ts";
import { SqlError } from "../values/sql-error.ts";
import { datetime, type SqlType, type Stored } from "../types.ts";
import type { Context, Expr } from "./model.ts";
import { call, implicit, signature } from "./expr.ts";
import { invalid } from "./invalid-operand.ts";
import { clash } from "./type-rules.ts";

/** `date + 1`, `date - date`: only datetime and smalldatetime support arithmetic, and the other operand becomes one of them. */
export function dated(context: Context, op: string, left: Expr, right: Expr): Expr {
  const plain = (type: SqlType): boolean =>
    type.kind === "moment" && (type.size === "date" || type.size === "datetime2");
  for (const [own, other] of [
    [left.type, right.type],
    [right.type, left.type],
  ] as const) {
    if (plain(own) || own.kind === "time" || own.kind === "offset") {
      throw other.kind === "int" || other.kind === "decimal" || other.kind === "float" || other.kind === "bit"
        ? clash(own, other)
        : invalid(own, op);
    }
  }
  if (op !== "+" && op !== "-") throw invalid(datetime, op);
  const small =
    left.type.kind === "moment" && right.type.kind === "moment"
      ? left.type.size === "smalldatetime" && right.type.size === "smalldatetime"
      : false;
  const type: SqlType = small ? left.type : datetime;
  const [a, b] = [implicit(context, left, type), implicit(context, right, type)];
  const sign = op === "+" ? 1 : -1;
  const body =
    () =>
    (x: Stored = null, y: Stored = null): Stored => {
      if (x === null || y === null || type.kind !== "moment") return null;
      const local = Number(x) + sign * (Number(y) - zeroDate);
      if (Math.abs(local) > 4000 * 366 * dayMs * 3)
        throw new SqlError("Arithmetic overflow error converting expression to data type datetime.");
      return settleMoment(local, type, datetime);
    };
  return { sql: call(context, `moment ${op} ${signature(type)}`, body, [a.sql, b.sql]), type };
}
