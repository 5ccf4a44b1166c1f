import type { Field } from "#client/schema-types.ts";
import { given } from "#lang/given.ts";
import type { FieldType } from "#lang/field-type.ts";
import type { TableField, TableRef } from "#sql/fields.ts";
import { catalogue, fieldsKnown } from "../engine/catalogue.ts";

/** The name of a table as lists have it: with `Ent.` where FROM has that. */
export function listedName({ name, ent }: TableRef): string {
  return ent ? `Ent.${name}` : name;
}

const converted = new WeakMap<readonly Field[], readonly TableField[]>();

/** The fields of a table for the reader; undefined where they are not known (yet). */
export function readerFields(table: TableRef): readonly TableField[] | undefined {
  const fields = fieldsKnown(listedName(table));
  if (fields === undefined) return undefined;
  const known = converted.get(fields) ?? fields.map(readerField);
  converted.set(fields, known);
  return known;
}

function readerField({ name, type, maxLength, precision, scale, zone, isPrimaryKey, isRequired }: Field): TableField {
  const facts = given({ maxLength, precision, scale, zone });
  // The API's types are those of the reader; a later version's would be one that no rule knows.
  return { name, fieldType: type as FieldType, ...facts, isNullable: !isRequired, isPrimaryKey };
}

/** The names of the business unit's own tables, to find the one that was meant. */
export function ownNames(): readonly string[] {
  const { tables } = catalogue.get();
  const known = named.get(tables);
  if (known !== undefined) return known;
  const names = tables.flatMap(({ name, kind }) => (kind === "data-extension" ? [name] : []));
  named.set(tables, names);
  return names;
}

const named = new WeakMap<readonly unknown[], readonly string[]>();
