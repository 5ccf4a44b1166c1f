import { decimal, float, int, nullType, type SqlType } from "../types/sql-type.ts";
import type { Call, Family } from "./call.ts";

/** Maths keeps a number's own type; text and bits are read as float. */
function sameNumber(call: Call): SqlType {
  const type = call.types[0] ?? nullType;
  if (type.kind === "int" || type.kind === "decimal" || type.kind === "unknown") return type;
  return float;
}

/** FLOOR and CEILING keep a decimal's digits but have no fraction. */
function whole(call: Call): SqlType {
  const type = sameNumber(call);
  return type.kind === "decimal" ? decimal(type.precision, 0) : type;
}

/** POWER and the angle functions give decimals all 38 digits: their results are larger than their arguments. */
function grown(call: Call): SqlType {
  const type = sameNumber(call);
  return type.kind === "decimal" ? decimal(38, type.scale) : type;
}

const toFloat = (): SqlType => float;

/** Mathematical functions. Source: learn.microsoft.com, "Mathematical functions (Transact-SQL)", the return types. */
export const numberFunctions: Family = {
  ABS: sameNumber,
  SIGN: sameNumber,
  DEGREES: grown,
  RADIANS: grown,
  POWER: grown,
  ROUND: sameNumber,
  FLOOR: whole,
  CEILING: whole,
  CEIL: whole,
  ACOS: toFloat,
  ASIN: toFloat,
  ATAN: toFloat,
  ATN2: toFloat,
  COS: toFloat,
  COT: toFloat,
  EXP: toFloat,
  LOG: toFloat,
  LOG10: toFloat,
  PI: toFloat,
  RAND: toFloat,
  SIN: toFloat,
  SQRT: toFloat,
  SQUARE: toFloat,
  TAN: toFloat,
  ISNUMERIC: () => int,
  CHECKSUM: () => int,
  BINARY_CHECKSUM: () => int,
};
