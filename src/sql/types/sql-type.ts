import { usualLengths, type FieldType } from "#lang/field-type.ts";
import { given } from "#lang/given.ts";
import type { OutputColumn, TableField, Zone } from "../fields.ts";

/**
 * The T-SQL type of an expression, as far as MCE can tell types apart.
 *
 * `length` counts characters, "max" means unbounded, to whatever is made of it; `atMost`: no value of it is longer all the
 * same. `null` is the bare NULL, which takes any type; `unknown` is what nobody can know without the server. A date has a
 * `zone` where its expression proves one. What is `isNull` is NULL in every row, such as `CAST(NULL AS datetime)`: a type, and
 * no value that could be in a zone.
 */
export type SqlType = (
  | { kind: "text"; length: number | "max"; atMost?: number }
  | { kind: "int"; digits: 3 | 5 | 10 | 19 }
  | { kind: "decimal"; precision: number; scale: number }
  | { kind: "float" }
  | { kind: "bit" }
  | { kind: "date"; zone?: Zone }
  | { kind: "null" }
  | { kind: "unknown" }
) & { isNull?: true };

/** A Data Extension's Text cannot be declared longer (MCE 4.2). */
export const maxTextLength = 4000;

export const unknownType: SqlType = { kind: "unknown" };
export const nullType: SqlType = { kind: "null" };
export const int: SqlType = { kind: "int", digits: 10 };
export const bigint: SqlType = { kind: "int", digits: 19 };
export const bit: SqlType = { kind: "bit" };
/** A date of which nobody can say in which zone it is. */
export const date: SqlType = { kind: "date" };
/** What the server's own clock says. */
export const serverDate: SqlType = { kind: "date", zone: "server" };
export const utcDate: SqlType = { kind: "date", zone: "utc" };
export const float: SqlType = { kind: "float" };
export const money: SqlType = { kind: "decimal", precision: 19, scale: 4 };
export const guid: SqlType = { kind: "text", length: 36 };

/** Whether an expression of this type is NULL in every row. */
export function isNull(type: SqlType): boolean {
  return type.kind === "null" || type.isNull === true;
}

/** A type, of NULL in every row. */
export function nullOf(type: SqlType): SqlType {
  return { ...type, isNull: true };
}

/** The type of what comes from values of all these types: NULL where all of them are. */
export function fedBy(types: readonly SqlType[], type: SqlType): SqlType {
  if (types.every(isNull)) return isNull(type) ? type : nullOf(type);
  if (type.isNull === undefined) return type;
  const fed = { ...type };
  delete fed.isNull;
  return fed;
}

/** A text type of this many characters. */
export function text(length: number | "max"): SqlType {
  return { kind: "text", length };
}

const maxDigits = 38;

/** A decimal type within T-SQL's 38 digits: too many digits cost scale down to 6, as T-SQL's products and quotients do. */
export function decimal(precision: number, scale: number): SqlType {
  if (precision <= maxDigits) return { kind: "decimal", precision: Math.max(1, precision), scale };
  return {
    kind: "decimal",
    precision: maxDigits,
    scale: Math.max(Math.min(scale, 6), scale - (precision - maxDigits)),
  };
}

/** A decimal type with so many digits before the point: beyond 38 in all, those behind it make room, as in T-SQL's sums. */
export function decimalOf(whole: number, scale: number): SqlType {
  const precision = Math.max(1, Math.min(maxDigits, whole + scale));
  return { kind: "decimal", precision, scale: Math.max(0, Math.min(scale, maxDigits - whole)) };
}

/** The T-SQL type a table's field has in a query. */
export function typeOfField(field: TableField): SqlType {
  switch (field.fieldType) {
    case "Text":
      return text(field.maxLength !== undefined && field.maxLength > 0 ? field.maxLength : "max");
    case "EmailAddress":
    case "Phone":
    case "Locale":
      return text(field.maxLength || usualLengths[field.fieldType]);
    case "Number":
      return int;
    case "Decimal":
      // MCE gives a Decimal's precision as MaxLength (MCE 4.2); without one, anything plausible must fit.
      return decimal(
        field.precision ?? (field.maxLength || 38),
        field.scale ?? (field.maxLength || field.precision ? 0 : 10),
      );
    case "Date":
      return { kind: "date", ...given({ zone: field.zone }) };
    case "Boolean":
      return bit;
  }
}

/** How many characters a value of this type takes as text. */
export function textLength(type: SqlType): number | "max" {
  switch (type.kind) {
    case "text":
      return type.length;
    case "int":
      return type.digits + 1;
    case "decimal":
      return type.precision + 2;
    case "float":
    case "date":
      return 34;
    case "bit":
      return 1;
    case "null":
      return 0;
    case "unknown":
      return maxTextLength;
  }
}

/** A decimal wide enough for every value of a numeric type. */
export function asDecimal(type: SqlType): { precision: number; scale: number } | undefined {
  if (type.kind === "int") return { precision: type.digits, scale: 0 };
  if (type.kind === "bit") return { precision: 1, scale: 0 };
  return type.kind === "decimal" ? type : undefined;
}

/** T-SQL's data type precedence, lowest first. */
const precedence: Readonly<Record<SqlType["kind"], number>> = {
  null: 0,
  text: 1,
  bit: 2,
  int: 3,
  decimal: 4,
  float: 5,
  date: 6,
  unknown: 7,
};

/** Whether what is made of a type has no bound. */
export function isUnbounded(type: SqlType): boolean {
  return type.kind === "text" && type.length === "max";
}

/** The type of what is chosen among values of a type: how long they are is not known any more. */
export function chosen(type: SqlType): SqlType {
  return isUnbounded(type) ? text("max") : type;
}

/** The type T-SQL gives values of either type in one column: CASE branches, UNION branches, COALESCE. */
export function widest(one: SqlType, other: SqlType): SqlType {
  return fedBy([one, other], wider(one, other));
}

function wider(one: SqlType, other: SqlType): SqlType {
  if (one.kind === "unknown" || other.kind === "unknown")
    // Whatever the other is, nothing of either may be cut.
    return isUnbounded(one) || isUnbounded(other) ? text("max") : one.kind === "unknown" ? one : other;
  if (one.kind === "text" && other.kind === "text") {
    if (one.length === "max" || other.length === "max") return text("max");
    return text(Math.max(one.length, other.length));
  }
  const high = precedence[one.kind] >= precedence[other.kind] ? one : other;
  if (high.kind === "date") return agreed(one, other);
  if (high.kind === "int" && one.kind === "int" && other.kind === "int")
    return one.digits >= other.digits ? one : other;
  if (high.kind === "decimal") {
    const left = asDecimal(one);
    const right = asDecimal(other);
    if (left === undefined || right === undefined) return high;
    const scale = Math.max(left.scale, right.scale);
    return decimalOf(Math.max(left.precision - left.scale, right.precision - right.scale), scale);
  }
  return chosen(high);
}

/** A date fed by both: it has a zone where all that can be a moment has the same one. NULL is no moment, whatever its type. */
export function agreed(one: SqlType, other: SqlType): SqlType {
  const dateOf = (type: SqlType): SqlType => (type.kind === "date" ? type : date);
  if (isNull(other)) return dateOf(isNull(one) ? date : one);
  if (isNull(one)) return dateOf(other);
  const zone = one.kind === "date" ? one.zone : undefined;
  return other.kind === "date" && zone === other.zone ? one : date;
}

/** The type of one column fed by all these; a column fed by nothing is NULL. */
export function widestOf(types: readonly SqlType[]): SqlType {
  return types.reduce(widest, nullType);
}

type Field = Omit<OutputColumn, "name">;

/** A float has no fixed digits: 23 before the point and 15 behind hold any plausible rate or amount. */
const floatField: Field = { fieldType: "Decimal", precision: 38, scale: 15 };

function named(fieldType: FieldType): Field {
  return { fieldType };
}

/** The MCE field a temp DE needs for values of this type. Number is 32-bit in MCE, so longer integers become Decimal. */
export function fieldOfType(type: SqlType): Field {
  switch (type.kind) {
    case "text": {
      const length = type.length === "max" ? type.atMost : type.length;
      if (length === undefined) return named("Text");
      return { fieldType: "Text", maxLength: Math.min(Math.max(length, 1), maxTextLength) };
    }
    case "int":
      return type.digits > 10 ? { fieldType: "Decimal", precision: type.digits, scale: 0 } : named("Number");
    case "decimal":
      return { fieldType: "Decimal", precision: type.precision, scale: type.scale };
    case "float":
      return floatField;
    case "bit":
      return named("Boolean");
    case "date":
      return { fieldType: "Date", ...given({ zone: type.zone }) };
    case "null":
      return { fieldType: "Text", maxLength: 254 };
    case "unknown":
      return { fieldType: "Text", maxLength: maxTextLength, assumed: true };
  }
}
