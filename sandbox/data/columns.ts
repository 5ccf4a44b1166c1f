import { fieldTypes, type Field, type Stored } from "../engine/types.ts";

/**
 * Reads fields written as MCE 8.7 writes them: `Name Type(length)`, `?` for nullable, `!` for a key column, ` NS` behind
 * for a column that no star includes, separated by semicolons; `Decimal(12,2)` is precision and scale.
 */
export function columnsOf(notation: string): Field[] {
  return notation.split(";").map((part) => {
    const match = /^\s*(.+?)\s+([A-Za-z]+)(?:\((\d+)(?:,(\d+))?\))?([?!]?)(\s+NS)?\s*$/.exec(part);
    const [, name = "", typeName = "", length, scale, mark, unlisted] = match ?? [];
    const fieldType = fieldTypes.find((known) => known === typeName);
    if (fieldType === undefined) throw new Error(`Cannot read the column "${part}": no field type`);
    const field: Field = { name, fieldType, isRequired: mark !== "?", isPrimaryKey: mark === "!" };
    if (length !== undefined) field.maxLength = Number(length);
    if (scale !== undefined) field.scale = Number(scale);
    if (unlisted !== undefined) field.isUnlisted = true;
    return field;
  });
}

/** One row by column name; what it leaves out is NULL, or an empty value where NULL is not allowed. */
export type Facts = Readonly<Record<string, Stored>>;

function emptyOf(field: Field): Stored {
  if (!field.isRequired) return null;
  return field.fieldType === "Text" ||
    field.fieldType === "EmailAddress" ||
    field.fieldType === "Phone" ||
    field.fieldType === "Locale"
    ? ""
    : 0;
}

/** The row in the order of its fields. */
export function rowFrom(fields: readonly Field[], facts: Facts): Stored[] {
  return fields.map((field) => facts[field.name] ?? emptyOf(field));
}
