import { given } from "#lang/given.ts";
import type { Name } from "../syntax/tree.ts";
import { dataView, hasOwnAttributes, type DataView } from "../data-views.ts";
import type { TableField, TableRef } from "../fields.ts";
import type { Reading } from "./reading.ts";
import { columnNamed, type Column, type Relation, type TableColumns } from "./scope.ts";
import { bigint, date, typeOfField } from "../types/sql-type.ts";

/** The table a dotted name in FROM means; only `Ent.` is a prefix MCE knows. */
export function tableRefOf(parts: readonly Name[]): TableRef {
  const name = parts.at(-1)?.value ?? "";
  return { name, ent: parts.at(-2)?.value.toLowerCase() === "ent" };
}

/** The key of a table in maps: the lower-cased name, "ent." before enterprise ones. */
export function tableKey({ name, ent }: TableRef): string {
  return (ent ? "ent." : "") + name.toLowerCase();
}

function columnOf(field: TableField): Column {
  return { name: field.name, type: typeOfField(field) };
}

const columnsOfFields = new WeakMap<readonly TableField[], readonly Column[]>();

/** The columns of a table's fields, made once: what is known of a table is asked for by many queries. */
function columnsOf(fields: readonly TableField[]): readonly Column[] {
  const columns = columnsOfFields.get(fields) ?? fields.map(columnOf);
  columnsOfFields.set(fields, columns);
  return columns;
}

/** Columns every Data Extension has without showing them (MCE 4.2). */
const hiddenColumns: readonly Column[] = [
  { name: "_CustomObjectKey", type: bigint },
  { name: "_CreatedDate", type: date },
];

/** A data view's columns: what the caller knows of them comes first. */
function viewColumns(ref: TableRef, fields: readonly TableField[] | undefined, view: DataView): TableColumns {
  const unlisted = view.unlisted.map(columnOf);
  // The account's own profile attributes stand beside the one column all accounts have.
  const hasAttributes = hasOwnAttributes(ref.name);
  if (fields === undefined || fields.length === 0)
    return { columns: view.columns.map(columnOf), unlisted, isOpen: view.isOpen || hasAttributes };
  const listed = [...view.columns, ...view.unlisted];
  const zoneOf = new Map(listed.map(({ name, zone }) => [name.toLowerCase(), zone]));
  const columns = fields.map((field) =>
    columnOf({ ...field, ...given({ zone: zoneOf.get(field.name.toLowerCase()) }) }),
  );
  const missing = view.columns.filter(({ name }) => columnNamed(columns, name) === undefined).map(columnOf);
  if (hasAttributes) return { columns: [...missing, ...columns], isOpen: false };
  return { columns, unlisted: [...missing, ...unlisted], isOpen: false };
}

/** What is known of a table's columns; nothing for a table nobody knows. */
function tableColumns(reading: Reading, ref: TableRef): TableColumns | undefined {
  const fields = reading.fieldsOf(ref);
  const view = dataView(ref.name);
  if (view !== undefined) return viewColumns(ref, fields, view);
  return fields && { columns: columnsOf(fields), hidden: hiddenColumns, isOpen: false };
}

/** The relation a table of FROM makes: its columns from the caller, or from our list for a data view; open when nobody knows them. */
export function tableRelation(reading: Reading, parts: readonly Name[], alias: string): Relation {
  const ref = tableRefOf(parts);
  const key = tableKey(ref);
  const known = reading.tables.get(key) ?? tableColumns(reading, ref);
  if (known !== undefined) {
    reading.tables.set(key, known);
    return { alias, table: ref, ...known };
  }
  const name = parts.at(-1);
  if (name !== undefined) reading.doubts.push({ kind: "table", name, table: ref });
  return { alias, table: ref, columns: [], isOpen: true };
}
