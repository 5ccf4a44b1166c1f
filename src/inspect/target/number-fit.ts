import { textual, type FieldType } from "#lang/field-type.ts";
import type { FieldDefinition } from "#mce/soap/field.ts";
import type { Column } from "#protocol/column.ts";
import type { Effect } from "./effect.ts";

/** A Number of MCE has 32 bits. */
const largestNumber = "2,147,483,647";
/** Its digits: a Decimal with fewer digits always fits. */
const numberDigits = 10;

/** How SQL Server reads texts, by the type of the field. */
const fromText: Partial<Record<FieldType, string>> = {
  Number: "the run fails at the first value that is not a whole number; an empty text becomes 0",
  Decimal: "the run fails at the first value that is not a number, which includes an empty text",
  Date: "the run fails at the first value that is not a date; an empty text becomes January 1, 1900",
  Boolean: "the run fails at the first value other than True, False or a number; an empty text becomes False",
};

/** What happens to values in a Number, Decimal, Date or Boolean (SQL Server's implicit conversions). */
export function numberEffects(column: Column, field: FieldDefinition): readonly Effect[] {
  const from = column.type;
  const to = field.fieldType;
  const read = textual.has(from) ? fromText[to] : undefined;
  if (read !== undefined) return [mayFail(read)];
  if (to === "Date" && from !== "Date") {
    return [
      mayFail(
        "numbers are read as days since January 1, 1900, and the run fails at the first that is not a valid date",
      ),
    ];
  }
  if (from === "Decimal" && to === "Number") return intoNumber(column);
  if (to === "Decimal" && (from === "Decimal" || from === "Number")) return intoDecimal(column, field);
  return [];
}

function intoNumber({ precision, scale = 0 }: Column): readonly Effect[] {
  const isLong = precision === undefined || precision - scale >= numberDigits;
  return [
    ...(scale > 0 ? [mayCut("decimals are cut off")] : []),
    ...(isLong ? [mayFail(`the run fails when a value is larger than ${largestNumber}`)] : []),
  ];
}

/** When MCE does not return a Decimal field's precision, the longest value is unknown. */
function intoDecimal(column: Column, { precision, scale = 0 }: FieldDefinition): readonly Effect[] {
  const isNumber = column.type === "Number";
  const decimals = isNumber ? 0 : (column.scale ?? 0);
  const digits = isNumber ? numberDigits : (column.precision ?? Infinity) - decimals;
  const room = precision === undefined ? Infinity : precision - scale;
  return [
    ...(decimals > scale ? [mayCut(`values are rounded to ${scale} decimals`)] : []),
    ...(digits > room ? [mayFail(`the run fails when a value has more than ${room} digits before the point`)] : []),
  ];
}

function mayCut(what: string): Effect {
  return { verdict: "may-cut", what };
}

function mayFail(what: string): Effect {
  return { verdict: "may-fail", what };
}
