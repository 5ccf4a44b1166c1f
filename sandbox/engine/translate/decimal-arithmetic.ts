import { decimalOf, decimalText, powerOfTen, rescale, type Decimal } from "../values/decimal.ts";
import { SqlError, unsupported } from "../values/sql-error.ts";
import type { SqlType, Stored } from "../types.ts";
import type { Context, Expr } from "./model.ts";
import { call, cast, implicit, signature } from "./expr.ts";
import { invalid } from "./invalid-operand.ts";
import { arithmeticDecimal, asDecimal, commonType } from "./type-rules.ts";

/** A whole literal counts with its own digits, not with int's ten: `1.0 / 3` has six decimals. */
function decimalOperand(context: Context, value: Expr, other: Expr): Expr {
  if (value.type.kind === "int" && value.isLiteral && typeof value.constant === "number") {
    const digits = String(value.constant).replace("-", "");
    return cast(context, value, { kind: "decimal", precision: digits.length, scale: 0 });
  }
  if (value.type.kind === "text" || value.type.kind === "binary" || value.type.kind === "null")
    return implicit(context, value, other.type);
  return cast(context, value, asDecimal(value.type));
}

/** Exact arithmetic at the scale of SQL Server's result; division cuts, multiplication rounds. */
export function decimalOperation(
  op: string,
  type: Extract<SqlType, { kind: "decimal" }>,
): (a: Stored, b: Stored) => Stored {
  return (left, right) => {
    if (left === null || right === null) return null;
    const result = decimalResult(op, decimalOf(String(left)), decimalOf(String(right)), type.scale);
    const magnitude = result.units < 0n ? -result.units : result.units;
    if (magnitude >= powerOfTen(type.precision))
      throw new SqlError("Arithmetic overflow error converting expression to data type numeric.");
    return decimalText(result);
  };
}

function decimalResult(op: string, a: Decimal, b: Decimal, scale: number): Decimal {
  if (op === "*") return rescale({ units: a.units * b.units, scale: a.scale + b.scale }, scale);
  if (op === "/" || op === "%") {
    if (b.units === 0n) throw new SqlError("Divide by zero error encountered.");
    if (op === "/") {
      const lift = scale + b.scale - a.scale;
      const units = lift >= 0 ? (a.units * powerOfTen(lift)) / b.units : a.units / (b.units * powerOfTen(-lift));
      return { units, scale };
    }
  }
  const common = Math.max(a.scale, b.scale);
  const [x, y] = [rescale(a, common).units, rescale(b, common).units];
  const units = op === "+" ? x + y : op === "-" ? x - y : x % y;
  return rescale({ units, scale: common }, scale);
}

/** Arithmetic of decimals, and of integers with decimals. */
export function decimals(context: Context, op: string, left: Expr, right: Expr): Expr {
  if (op === "&" || op === "|" || op === "^") throw invalid(left.type.kind === "decimal" ? left.type : right.type, op);
  const [a, b] = [decimalOperand(context, left, right), decimalOperand(context, right, left)];
  if (a.type.kind !== "decimal" || b.type.kind !== "decimal")
    return { sql: "NULL", type: asDecimal(commonType(left.type, right.type)) };
  if (a.type.money !== undefined || b.type.money !== undefined) return unsupported("arithmetic with money");
  const type = arithmeticDecimal(op, a.type, b.type);
  return {
    sql: call(
      context,
      `decimal ${op} ${signature(type)}`,
      () =>
        (x = null, y = null) =>
          decimalOperation(op, type)(x, y),
      [a.sql, b.sql],
    ),
    type,
  };
}
