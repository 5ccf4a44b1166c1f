import { decimalOf, decimalText, powerOfTen, rescale } from "../../values/decimal.ts";
import { SqlError, unsupported } from "../../values/sql-error.ts";
import { decimal, float, int, text, typeName, type SqlType, type Stored } from "../../types.ts";
import type { Context } from "../context.ts";
import { call, constant, implicit, type Expr } from "../expr.ts";
import { argument, expectArguments, intArgument, strict, type Builder, type Call } from "./builder.ts";

/** The argument as a number: text and bits become float, as SQL Server's numeric functions have it. */
function numberArgument(context: Context, written: Call, at: number): Expr {
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

function floatArgument(context: Context, written: Call, at: number): Expr {
  return implicit(context, numberArgument(context, written, at), float);
}

/** A function of floats; a result that is no number is SQL Server's domain error. */
function ofFloats(name: string, count: number, body: (...values: number[]) => number): Builder {
  return (context, written) => {
    expectArguments(written, count);
    const args = written.args.map((_arg, at) => floatArgument(context, written, at));
    return strict(context, name, args, float, (...values) => {
      const result = body(...values.map(Number));
      if (Number.isNaN(result) || !Number.isFinite(result))
        throw new SqlError("An invalid floating point operation occurred.");
      return result;
    });
  };
}

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
 * A double rounded half away from zero. Where what it holds and what it was written as differ (1.005 is a little less),
 * SQL Server's choice is not certain, so it is refused.
 */
function roundFloat(value: number, digits: number, cut: boolean): number {
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

/** The exact value of a double, rounded half away from zero to so many decimals. */
function exactly(value: number, digits: number): string {
  // 100 decimals hold every double of a size that has a fraction worth rounding.
  return decimalText(rescale(decimalOf(value.toFixed(Math.abs(value) < 1e21 ? 100 : 0)), digits));
}

function round(context: Context, written: Call): Expr {
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

function whole(name: "floor" | "ceiling"): Builder {
  return (context, written) => {
    expectArguments(written, 1);
    return wholeOf(context, numberArgument(context, written, 0), name);
  };
}

/** FLOOR and CEILING, which the parser may also give as nodes of their own. */
export function wholeOf(context: Context, value: Expr, name: "floor" | "ceiling"): Expr {
  const { type } = value;
  if (type.kind === "text") return wholeOf(context, implicit(context, value, float), name);
  if (type.kind === "int") return value;
  if (type.kind === "float")
    return strict(context, name, [value], type, (given) =>
      name === "floor" ? Math.floor(Number(given)) : Math.ceil(Number(given)),
    );
  if (type.kind !== "decimal")
    throw new SqlError(`Argument data type ${typeName(type)} is invalid for argument 1 of ${name} function.`);
  return strict(context, name, [value], type.money === undefined ? decimal(type.precision, 0) : type, (given) => {
    const own = decimalOf(String(given));
    const cut = rescale(own, 0, true).units;
    const exact = rescale({ units: cut, scale: 0 }, own.scale).units === own.units;
    const moved = exact ? cut : name === "floor" ? (own.units < 0n ? cut - 1n : cut) : own.units > 0n ? cut + 1n : cut;
    return type.money === undefined ? String(moved) : decimalText(rescale({ units: moved, scale: 0 }, type.scale));
  });
}

function abs(context: Context, written: Call): Expr {
  expectArguments(written, 1);
  const value = numberArgument(context, written, 0);
  const { type } = value;
  return strict(context, "abs", [value], type, (given) => {
    if (type.kind === "decimal") return String(given).replace(/^-/, "");
    const magnitude = typeof given === "bigint" ? (given < 0n ? -given : given) : Math.abs(Number(given));
    if (type.kind === "int" && type.size === "int" && magnitude > 2_147_483_647)
      throw new SqlError("Arithmetic overflow error converting expression to data type int.");
    return magnitude;
  });
}

function sign(context: Context, written: Call): Expr {
  expectArguments(written, 1);
  const value = numberArgument(context, written, 0);
  const { type } = value;
  return strict(context, "sign", [value], type, (given) => {
    const direction = Math.sign(Number(given));
    return type.kind === "decimal"
      ? decimalText(rescale({ units: BigInt(direction), scale: 0 }, type.scale))
      : direction;
  });
}

function power(context: Context, written: Call): Expr {
  expectArguments(written, 2);
  const base = numberArgument(context, written, 0);
  const exponent = floatArgument(context, written, 1);
  const { type } = base;
  if (type.kind === "decimal") return unsupported("POWER of a decimal");
  return strict(context, "power", [base, exponent], type, (given, by) => {
    const result = Number(given) ** Number(by);
    if (!Number.isFinite(result)) throw new SqlError("An invalid floating point operation occurred.");
    if (type.kind === "float") return result;
    if (Math.abs(result) > (type.kind === "int" && type.size === "bigint" ? 9e15 : 2_147_483_647))
      throw new SqlError("Arithmetic overflow error for type int, value = " + String(result) + ".");
    return Math.trunc(result);
  });
}

function random(context: Context, written: Call): Expr {
  expectArguments(written, 0, 1);
  if (written.args.length > 0) return unsupported("RAND with a seed");
  context.state.isVolatile = true;
  return { sql: call(context, "rand", () => () => Math.random(), [], true), type: float };
}

function isNumeric(context: Context, written: Call): Expr {
  expectArguments(written, 1);
  const value = argument(context, written, 0);
  const { type } = value;
  if (type.kind === "int" || type.kind === "decimal" || type.kind === "float" || type.kind === "bit") {
    return { sql: type.kind === "bit" ? "0" : `(${value.sql} IS NOT NULL)`, type: int };
  }
  if (type.kind !== "text") return constant(0, int);
  const checked = strict(context, "isnumeric", [value], int, (given) => {
    const trimmed = String(given).trim();
    if (/^[-+.,$€£\\]$/.test(trimmed)) return 1;
    return /^[-+]?\s*[$€£]?\s*(\d[\d,]*\.?\d*|\.\d+)([eEdD][-+]?\d{1,3})?$/.test(trimmed) ? 1 : 0;
  });
  return { ...checked, sql: `ifnull(${checked.sql}, 0)` };
}

function str(context: Context, written: Call): Expr {
  expectArguments(written, 1, 3);
  const value = floatArgument(context, written, 0);
  const [width, digits] = [1, 2].map((at) =>
    written.args.length > at ? intArgument(context, written, at) : constant(at === 1 ? 10 : 0, int),
  );
  return strict(
    context,
    "str",
    [value, width ?? constant(10, int), digits ?? constant(0, int)],
    text(typeof width?.constant === "number" ? Math.max(1, width.constant) : 8000),
    (given, length, decimals) => {
      const shown = roundFloat(Number(given), Number(decimals), false).toFixed(
        Math.min(16, Math.max(0, Number(decimals))),
      );
      const room = Number(length);
      if (shown.length <= room) return shown.padStart(room);
      const [digitsBefore = ""] = shown.split(".");
      if (digitsBefore.length > room) return "*".repeat(room);
      const left = Math.max(0, room - digitsBefore.length - 1);
      return roundFloat(Number(given), left, false).toFixed(left).padStart(room);
    },
  );
}

/** The numeric functions, by lower-cased name. */
export const numberFunctions: Record<string, Builder> = {
  abs,
  round,
  floor: whole("floor"),
  ceiling: whole("ceiling"),
  sign,
  power,
  rand: random,
  isnumeric: isNumeric,
  str,
  sqrt: ofFloats("sqrt", 1, Math.sqrt),
  square: ofFloats("square", 1, (value) => value * value),
  exp: ofFloats("exp", 1, Math.exp),
  log10: ofFloats("log10", 1, Math.log10),
  log(context, written) {
    expectArguments(written, 1, 2);
    return written.args.length === 1
      ? ofFloats("log", 1, Math.log)(context, written)
      : ofFloats("log base", 2, (value, base) => Math.log(value) / Math.log(base))(context, written);
  },
  pi: (_context, written) => (expectArguments(written, 0), constant(Math.PI, float)),
  sin: ofFloats("sin", 1, Math.sin),
  cos: ofFloats("cos", 1, Math.cos),
  tan: ofFloats("tan", 1, Math.tan),
  cot: ofFloats("cot", 1, (value) => 1 / Math.tan(value)),
  asin: ofFloats("asin", 1, Math.asin),
  acos: ofFloats("acos", 1, Math.acos),
  atan: ofFloats("atan", 1, Math.atan),
  atn2: ofFloats("atn2", 2, Math.atan2),
};
