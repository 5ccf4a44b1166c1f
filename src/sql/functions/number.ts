import { decimal, float, int, nullType, unknownType, type SqlType } from "../types/sql-type.ts";
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

/** ROUND may carry into one more digit: ROUND(9.9, 0) is 10.0. */
function rounded(call: Call): SqlType {
  return sameNumber(call);
}

const toFloat = (): SqlType => float;

/** Mathematical functions. Source: learn.microsoft.com, "Mathematical functions (Transact-SQL)", the return types. */
export const numberFunctions: Family = {
  ABS: sameNumber,
  SIGN: sameNumber,
  DEGREES: sameNumber,
  RADIANS: sameNumber,
  POWER: sameNumber,
  ROUND: rounded,
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
  HASHBYTES: () => unknownType,
};
