import { textual, usualLengths } from "#lang/field-type.ts";
import type { FieldDefinition } from "#mce/soap/field.ts";
import type { Column } from "#protocol/column.ts";
import type { Source } from "#sql/sources.ts";
import type { Effect } from "./effect.ts";

/** The length of an unbounded text. */
export const longestText = Infinity;

/** `Jan 15 2026 10:00AM`: how T-SQL converts a date with its time to text; a date without a time has 10 characters. */
const dateLength = 19;
/** `-2147483648` */
const numberLength = 11;
/** Digits of the widest Decimal, a sign and a point. */
const decimalLength = 40;

/** The most characters of a textual field or column; undefined: unbounded. */
export function roomOf({ type, maxLength }: Pick<Column, "type" | "maxLength">): number | undefined {
  return maxLength ?? usualLengths[type];
}

/** What happens in a textual field to values that are too long, to dates, and to values that are not e-mail addresses (MCE 8.6). */
export function textEffects(column: Column, source: Source, field: FieldDefinition): readonly Effect[] {
  const { fieldType } = field;
  const room = roomOf({ ...field, type: fieldType }) ?? longestText;
  const effects: Effect[] = [];
  if (column.type === "Date") {
    effects.push({ verdict: "may-cut", what: "dates become texts like Jan 15 2026 10:00AM, without their seconds" });
  }
  const need = source.kind === "text" ? source.value.trimEnd().length : lengthOf(column);
  if (need > room) effects.push({ verdict: "may-fail", what: tooLong(column, source, need, room) });
  const isAddress = column.type === "EmailAddress" || (source.kind === "text" && source.value.includes("@"));
  if (fieldType === "EmailAddress" && !isAddress) {
    effects.push({ verdict: "may-fail", what: "the run fails when a value is not an e-mail address" });
  }
  return effects;
}

function tooLong({ type }: Column, source: Source, need: number, room: number): string {
  // T-SQL drops trailing spaces before it complains, and a literal is in every row, so the first row fails.
  if (source.kind === "text") return `the run fails, because the text given has ${need} characters`;
  if (type === "Date")
    return `the run fails when a date's text is longer (with its time it has ${dateLength} characters)`;
  const what = textual.has(type) ? "value" : "number";
  return `the run fails when a ${what} is longer than ${room} characters`;
}

/** The most characters of a column's values as text. */
function lengthOf(column: Column): number {
  switch (column.type) {
    case "Date":
      return dateLength;
    case "Number":
      return numberLength;
    case "Decimal":
      return column.precision === undefined ? decimalLength : column.precision + 2;
    case "Boolean":
      return 1;
    case "Text":
    case "EmailAddress":
    case "Phone":
    case "Locale":
      return roomOf(column) ?? longestText;
  }
}
