import { decimalOf, decimalText, powerOfTen, rescale, type Decimal } from "../../values/decimal.ts";
import { SqlError, unsupported } from "../../values/sql-error.ts";
import { int, type SqlType, type Stored } from "../../types.ts";
import type { Context, Expr } from "../model.ts";
import { constant } from "../expr.ts";
import { expectArguments, intArgument, strict, type Call } from "./builder.ts";
import { numberArgument } from "./number-arguments.ts";

function roundUnits(value: string, digits: number, cut: boolean): string {
  const own = decimalOf(value);
  if (digits >= own.scale) return value;
  const rounded = digits >= 0 ? rescale(own, digits, cut) : lift(own, digits, cut);
  return decimalText(rescale(rounded, own.scale));
}

function lift(own: { units: bigint; scale: number }, digits: number, cut: boolean): { units: bigint; scale: number } {
  const divisor = powerOfTen(own.scale - digits);
  const quotient = own.units / divisor;
  const rest = own.units % divisor;
  const up = !cut && (rest < 0n ? -rest : rest) * 2n >= divisor;
  return { units: (up ? quotient + (own.units < 0n ? -1n : 1n) : quotient) * powerOfTen(-digits), scale: 0 };
}

function fits(value: string, type: SqlType): Stored {
  if (type.kind !== "decimal") return value;
  const { units } = decimalOf(value);
  if ((units < 0n ? -units : units) >= powerOfTen(type.precision))
    throw new SqlError("Arithmetic overflow error converting expression to data type numeric.");
  return value;
}

/**
 * A double rounded half away from zero. Where its value differs from how it was written (1.005 is a little less),
 * SQL Server's choice is not certain, so it is refused.
 */
export function roundFloat(value: number, digits: number, cut: boolean): number {
  const factor = 10 ** Math.abs(digits);
  const scaled = digits >= 0 ? value * factor : value / factor;
  const steady = Number(scaled.toPrecision(15));
  const nearest = (number: number): number => Math.sign(number) * Math.floor(Math.abs(number) + 0.5);
  const whole = cut ? Math.trunc(steady) : nearest(steady);
  const plain = digits >= 0 && digits <= 20 && !cut ? Number(exactly(value, digits)) : undefined;
  const result = digits >= 0 ? whole / factor : whole * factor;
  if (plain !== undefined && plain !== result) return unsupported(`ROUND of the float ${value} to ${digits} digits`);
  return result;
}

/** The exact value of a double: 100 decimals are enough for every one whose fraction can be rounded. */
function exact(value: number): Decimal {
  return decimalOf(value.toFixed(Math.abs(value) < 1e21 ? 100 : 0));
}

function exactly(value: number, digits: number): string {
  return decimalText(rescale(exact(value), digits));
}

/** True when a double lies exactly in the middle between two numbers of this many decimals. */
export function isHalfWay(value: number, digits: number): boolean {
  const { units, scale } = exact(value);
  if (scale <= digits) return false;
  const rest = units % powerOfTen(scale - digits);
  return (rest < 0n ? -rest : rest) * 2n === powerOfTen(scale - digits);
}

/** ROUND, which cuts instead when its third argument is not 0. */
export function round(context: Context, written: Call): Expr {
  expectArguments(written, 2, 3);
  const value = numberArgument(context, written, 0);
  const type: SqlType = value.type.kind === "int" && value.type.size !== "bigint" ? int : value.type;
  const args = [
    value,
    intArgument(context, written, 1),
    written.args.length === 3 ? intArgument(context, written, 2) : constant(0, int),
  ];
  return strict(context, "round", args, type, (given, digits, mode) => {
    const cut = Number(mode) !== 0;
    if (type.kind === "float") return roundFloat(Number(given), Number(digits), cut);
    if (type.kind === "decimal") return fits(roundUnits(String(given), Number(digits), cut), type);
    const rounded = Number(roundUnits(String(given), Number(digits), cut));
    if (type.kind === "int" && type.size === "int" && Math.abs(rounded) > 2_147_483_647)
      throw new SqlError("Arithmetic overflow error converting expression to data type int.");
    return rounded;
  });
}
