import type { FieldDefinition } from "#mce/soap/field.ts";
import type { Column } from "#protocol/column.ts";
import type { Source } from "#sql/sources.ts";
import type { Misfit } from "./fit.ts";

/** What is to be said of one column and the field it goes into; nothing: they fit. */
type Finding = { kind: "misfit"; misfit: Misfit } | { kind: "note"; note: string };
type FieldType = FieldDefinition["fieldType"];

const textual: ReadonlySet<FieldType> = new Set(["Text", "EmailAddress", "Phone", "Locale"]);
/** Lengths MCE gives fields made without one (FACTS 4.2); a Text without is unbounded. */
const usualLengths: Partial<Record<FieldType, number>> = { EmailAddress: 254, Phone: 50, Locale: 5 };
/** A length that says no more than "as long as a text can be" (FACTS 4.2). */
const longest = 4000;
/** `Jan 15 2026 10:00AM`: how T-SQL writes a date into a text nobody formatted. */
const dateLength = 19;

const casts: Readonly<Record<FieldType, string>> = {
  Text: "VARCHAR(n)",
  EmailAddress: "VARCHAR(n)",
  Phone: "VARCHAR(n)",
  Locale: "VARCHAR(n)",
  Number: "INT",
  Decimal: "DECIMAL(p, s)",
  Date: "DATETIME",
  Boolean: "BIT",
};

/** Whether values of the column's type can become the field's (T-SQL's implicit conversions). */
export function typeMisfit(column: Column, source: Source, field: FieldDefinition): Finding | undefined {
  if (source.kind === "null") return field.isRequired === true ? nullMisfit(column) : undefined;
  const from = column.type;
  const to = field.fieldType;
  if (textual.has(to) || from === to || column.assumed === true) return undefined;
  if (source.kind === "text")
    return reads(source.value, to) ? undefined : misfit(column, literalMessage(column, to), to);
  if (from === "Date") return misfit(column, typeMessage(column, to), to);
  if (textual.has(from) || to === "Date") {
    return source.kind === "field"
      ? misfit(column, typeMessage(column, to), to)
      : note(`${column.name} is ${from} and goes into a ${to}: the run fails when a value cannot be read as one`);
  }
  const isCut = from === "Decimal" && to === "Number" && (column.scale ?? 1) > 0;
  return isCut ? note(`${column.name} has decimals and goes into a Number: they are cut off`) : undefined;
}

/** Whether values of the column are short enough for a textual field. */
export function lengthMisfit(column: Column, source: Source, field: FieldDefinition): Finding | undefined {
  const room = field.maxLength ?? usualLengths[field.fieldType];
  if (!textual.has(field.fieldType) || room === undefined || source.kind === "null") return undefined;
  if (column.type === "Date") {
    return dateLength > room ? tooLong(column, `a date needs ${dateLength} characters`, room) : undefined;
  }
  if (!textual.has(column.type)) return undefined;
  if (source.kind === "text") {
    // T-SQL drops blanks at the end before it complains.
    const length = source.value.trimEnd().length;
    return length > room ? tooLong(column, `its text has ${length} characters`, room) : undefined;
  }
  const length = column.maxLength ?? usualLengths[column.type] ?? longest;
  if (length <= room) return undefined;
  const isDeclared = source.kind === "field" && column.assumed !== true && length < longest;
  if (isDeclared) return tooLong(column, `it may have ${length} characters`, room);
  return note(`${column.name} goes into a field of ${room} characters: the run fails when a value is longer`);
}

/** Whether T-SQL reads a text as a value of that type; of dates only what is none for certain. */
function reads(value: string, to: FieldType): boolean {
  const text = value.trim();
  switch (to) {
    case "Number":
      return text === "" || /^[+-]?\d+$/.test(text);
    case "Decimal":
      return /^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text);
    case "Boolean":
      return text === "" || /^(?:true|false|[+-]?\d+)$/i.test(text);
    case "Date":
      return text === "" || /\d/.test(text);
    case "Text":
    case "EmailAddress":
    case "Phone":
    case "Locale":
      return true;
  }
}

function typeMessage({ name, type }: Column, to: FieldType): string {
  return `${name} is ${type}, and the target's ${name} is ${to}`;
}

function literalMessage({ name }: Column, to: FieldType): string {
  // The text itself may be anybody's data; the user knows it.
  return `the text given for ${name} is no ${to}, which the target's ${name} is`;
}

function misfit({ name }: Column, message: string, to: FieldType): Finding {
  const fix = `Give ${name} a ${to}, for example with CAST(… AS ${casts[to]})`;
  return { kind: "misfit", misfit: { column: name, message, fix } };
}

function nullMisfit({ name }: Column): Finding {
  const message = `the query gives NULL for ${name}, which the target requires`;
  return { kind: "misfit", misfit: { column: name, message, fix: `Give ${name} a value in every row` } };
}

function tooLong({ name }: Column, need: string, room: number): Finding {
  const message = `${name} is too long: ${need}, and the target's ${name} takes ${room}`;
  return {
    kind: "misfit",
    misfit: { column: name, message, fix: `Cut it, for example with LEFT(…, ${room}) AS ${name}` },
  };
}

function note(text: string): Finding {
  return { kind: "note", note: text };
}
