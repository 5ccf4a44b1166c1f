import type { Effect } from "./effect.ts";
import { textual, type FieldType } from "#lang/field-type.ts";
import type { FieldDefinition } from "#mce/soap/field.ts";
import type { Column } from "#protocol/column.ts";
import type { Source } from "#sql/sources.ts";
import { numberEffects } from "./number-fit.ts";
import { longestText, roomOf, textEffects } from "./text-fit.ts";

/** Whether a column goes into a field. */
export type ColumnFit =
  | { verdict: "fits" }
  | { verdict: "may-cut" | "may-fail"; message: string }
  | { verdict: "refused"; message: string; fix: string };

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

/**
 * Compares a column with the field of its name by SQL Server's implicit conversions. Pure.
 *
 * Refuses only what fails in every row: types that never convert, a literal that is not of the field's type, NULL for a
 * required field. What depends on the rows is left to MCE.
 */
export function fitColumn(column: Column, source: Source, field: FieldDefinition): ColumnFit {
  const { name } = column;
  const to = field.fieldType;
  if (source.kind === "null") return isFilled(field) ? nullRefused(name) : { verdict: "fits" };
  if (source.kind === "text" && !reads(source.value, to)) {
    // The message does not quote the literal: it may be personal data, and the user knows it.
    return refused(`the text given for ${name} is not a ${to}, which the target's ${name} is`, name, to);
  }
  if (column.type === "Date" && (to === "Number" || to === "Decimal" || to === "Boolean")) {
    return refused(`${name} is Date, and the target's ${name} is ${to}: the two never convert`, name, to);
  }
  const effects = effectsOf(column, source, field);
  if (effects.length === 0) return { verdict: "fits" };
  const verdict = effects.some((effect) => effect.verdict === "may-fail") ? "may-fail" : "may-cut";
  const message = `${name} is ${typeOf(column)} and goes into ${typeOf({ ...field, type: to })}: ${effects.map(({ what }) => what).join("; ")}`;
  return { verdict, message };
}

function effectsOf(column: Column, source: Source, field: FieldDefinition): readonly Effect[] {
  if (textual.has(field.fieldType)) return textEffects(column, source, field);
  // Nothing is known about an assumed type; a literal was checked before.
  if (source.kind === "text" || column.assumed === true) return [];
  return numberEffects(column, field);
}

/** A key is always required (MCE 4.2). */
function isFilled({ isRequired, isPrimaryKey }: FieldDefinition): boolean {
  return isRequired === true || isPrimaryKey === true;
}

/** Whether T-SQL reads a text as a value of that type; a text that may be a date counts as one. */
function reads(value: string, to: FieldType): boolean {
  const text = value.trim();
  switch (to) {
    case "Number":
      // A sign alone is 0 to SQL Server.
      return /^[+-]?\d*$/.test(text);
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

/** A type as MCE's users write it: `Text(50)`, `Decimal(12, 2)`, `Date`. */
function typeOf(column: Pick<Column, "type" | "maxLength" | "precision" | "scale" | "assumed">): string {
  const { type, precision, scale = 0, assumed } = column;
  if (assumed === true) return "of an unknown type";
  if (type === "Decimal") return precision === undefined ? type : `${type}(${precision}, ${scale})`;
  const length = textual.has(type) ? (roomOf(column) ?? longestText) : undefined;
  return length === undefined ? type : length === longestText ? `${type} of any length` : `${type}(${length})`;
}

function refused(message: string, name: string, to: FieldType): ColumnFit {
  return { verdict: "refused", message, fix: `Give ${name} a ${to}, for example with CAST(… AS ${casts[to]})` };
}

function nullRefused(name: string): ColumnFit {
  const message = `the query gives NULL for ${name}, which the target requires`;
  return { verdict: "refused", message, fix: `Give ${name} a value in every row` };
}
