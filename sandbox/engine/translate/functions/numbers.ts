import { decimalOf, decimalText, rescale } from "../../values/decimal.ts";
import { SqlError, unsupported } from "../../values/sql-error.ts";
import { decimal, float, typeName } from "../../types.ts";
import type { Context, Expr } from "../model.ts";
import { call, constant, implicit } from "../expr.ts";
import { expectArguments, strict, type Builder, type Call } from "./builder.ts";
import { floatArgument, numberArgument } from "./number-arguments.ts";
import { round } from "./rounding.ts";

/** A function of floats; a result that is not a number is SQL Server's domain error. */
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

/** The numeric functions, by lower-cased name. */
export const numberFunctions: Record<string, Builder> = {
  abs,
  round,
  floor: whole("floor"),
  ceiling: whole("ceiling"),
  sign,
  power,
  rand: random,
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
