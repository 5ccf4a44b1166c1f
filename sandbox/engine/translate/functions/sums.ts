import { decimalOf, decimalText, powerOfTen } from "../../values/decimal.ts";
import { SqlError, unsupported } from "../../values/sql-error.ts";
import { bigint, decimal, float, int, type SqlType, type Stored } from "../../types.ts";
import type { Context, Expr } from "../model.ts";
import { call, signature } from "../expr.ts";
import { decimalOperation } from "../decimal-arithmetic.ts";
import { invalid, type Use } from "./aggregate-use.ts";

function wholeSum(context: Context, { value, distinct, over }: Use, type: SqlType): Expr {
  const size = type.kind === "int" && type.size === "bigint" ? "bigint" : "int";
  const check = call(
    context,
    `sum in ${size}`,
    () =>
      (sum = null) => {
        const limit = size === "int" ? 2_147_483_647n : 9_223_372_036_854_775_807n;
        if (sum !== null && (BigInt(sum as number | bigint) > limit || BigInt(sum as number | bigint) < -limit - 1n)) {
          throw new SqlError(`Arithmetic overflow error converting expression to data type ${size}.`);
        }
        return sum;
      },
    [`sum(${distinct}${value.sql})${over.sql}`],
  );
  return { sql: check, type: size === "int" ? int : bigint };
}

type Sum = { units: bigint; seen: number };

/** SUM of decimals, exact; gives units and count so that AVG can share it. */
function decimalSum(
  context: Context,
  { value, distinct, over }: Use,
  type: Extract<SqlType, { kind: "decimal" }>,
): string {
  const move = (state: Sum, given: Stored | undefined, sign: bigint): Sum =>
    given === null || given === undefined
      ? state
      : { units: state.units + sign * decimalOf(String(given)).units, seen: state.seen + Number(sign) };
  const name = context.runtime.functions.aggregate<Sum>(`decimal sum ${type.scale}`, () => ({
    start: () => ({ units: 0n, seen: 0 }),
    step: (state, given) => move(state, given, 1n),
    inverse: (state, given) => move(state, given, -1n),
    result({ units, seen }) {
      if (seen === 0) return null;
      if ((units < 0n ? -units : units) >= powerOfTen(38))
        throw new SqlError("Arithmetic overflow error converting expression to data type numeric.");
      return decimalText({ units, scale: type.scale });
    },
  }));
  return `${name}(${distinct}${value.sql})${over.sql}`;
}

/** The type of a number to add up; throws SQL Server's error for any other. */
export function numeric({ value }: Use, name: string): Extract<SqlType, { kind: "int" | "decimal" | "float" }> {
  const { type } = value;
  if (type.kind === "int" || type.kind === "decimal" || type.kind === "float") return type;
  throw invalid(type, name);
}

/** SUM: int stays int, decimals are exact. */
export function sum(context: Context, use: Use): Expr {
  const type = numeric(use, "sum");
  if (type.kind === "int") return wholeSum(context, use, type);
  if (type.kind === "float") return { sql: `sum(${use.distinct}${use.value.sql})${use.over.sql}`, type: float };
  const own = type.money === undefined ? decimal(38, type.scale) : { ...type, precision: 19, money: "money" as const };
  return { sql: decimalSum(context, use, type), type: own };
}

/** AVG: of integers it is an integer, cut towards zero. */
export function average(context: Context, use: Use): Expr {
  const type = numeric(use, "avg");
  const { value, distinct, over } = use;
  if (type.kind === "float") return { sql: `avg(${distinct}${value.sql})${over.sql}`, type: float };
  const count = `count(${distinct}${value.sql})${over.sql}`;
  // SQLite divides integers as SQL Server does: cut towards zero.
  if (type.kind === "int")
    return { sql: `(${wholeSum(context, use, type).sql} / ${count})`, type: type.size === "bigint" ? bigint : int };
  const result: SqlType = { kind: "decimal", precision: 38, scale: Math.max(6, type.scale) };
  if (type.money !== undefined) return unsupported("AVG of money");
  const divide = call(
    context,
    `avg ${signature(result)}`,
    () =>
      (a = null, b = null) =>
        Number(b) === 0 ? null : decimalOperation("/", result)(a, b === null ? null : String(b)),
    [decimalSum(context, use, type), count],
  );
  return { sql: divide, type: result };
}
