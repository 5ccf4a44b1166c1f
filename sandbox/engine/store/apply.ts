import type { DatabaseSync } from "node:sqlite";
import { conversion, isImplicit } from "../convert/convert.ts";
import { printerOf } from "../convert/to-text.ts";
import { SqlError } from "../values/sql-error.ts";
import { typeName, type SqlType, type Stored } from "../types.ts";
import { inTransaction } from "./catalog.ts";
import { dropIndexes } from "./indexes.ts";
import { insertStatement, rowOf, type Column, type Table } from "./table.ts";

/** Rows to write into a table: the field and type of each value, and the rows. */
export type Incoming = { columns: readonly { name: string; type: SqlType }[]; rows: readonly (readonly Stored[])[] };

const emailPattern = /^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@,;<>".]+$/;

/** The conversion of one incoming value to a field: type, length, email address, NULL; MCE 8.6. */
function intoField(column: Column, from: SqlType, object: string): (value: Stored) => Stored {
  const { field, type } = column;
  if (!isImplicit(from, type)) {
    throw new SqlError(
      `Implicit conversion from data type ${typeName(from)} to ${typeName(type)} is not allowed. Use the CONVERT function to run this query.`,
    );
  }
  const limit = type.kind === "text" && type.length !== "max" ? type.length : undefined;
  const cuts =
    from.kind === "text" ||
    from.kind === "moment" ||
    from.kind === "time" ||
    from.kind === "offset" ||
    from.kind === "xml";
  // Fields hold Unicode, so a number too long for its field is an overflow, not varchar's `*`.
  const wide = type.kind === "text" ? { ...type, unicode: true } : type;
  const convert = limit !== undefined && cuts ? printed(from) : conversion(from, wide);
  return (value) => {
    const converted = convert(value);
    if (converted === null) {
      if (!field.isRequired && !field.isPrimaryKey) return null;
      throw new SqlError(
        `Cannot insert the value NULL into column '${field.name}', table '${object}'; column does not allow nulls. INSERT fails.`,
      );
    }
    if (limit !== undefined && String(converted).trimEnd().length > limit)
      throw new SqlError("String or binary data would be truncated.");
    if (field.fieldType === "EmailAddress" && converted !== "" && !emailPattern.test(String(converted))) {
      throw new SqlError(`The value '${String(converted)}' of field '${field.name}' is not a valid email address.`);
    }
    return limit === undefined ? converted : String(converted).slice(0, limit);
  };
}

function printed(from: SqlType): (value: Stored) => Stored {
  const print = printerOf(from, undefined);
  return (value) => (value === null ? null : print(value));
}

function duplicate(table: Table, object: string, values: readonly Stored[]): SqlError {
  const shown = table.columns.flatMap(({ field, type }, at) => {
    const value = values[at] ?? null;
    return field.isPrimaryKey ? [value === null ? "<NULL>" : printerOf(type, 121)(value)] : [];
  });
  return new SqlError(
    `Violation of PRIMARY KEY constraint 'PK_${table.name}'. Cannot insert duplicate key in object '${object}'. The duplicate key value is (${shown.join(", ")}).`,
  );
}

type Placed = { at: number; into: (value: Stored) => Stored };

function placeColumns(table: Table, object: string, columns: Incoming["columns"]): (Placed | undefined)[] {
  return table.columns.map((column) => {
    const at = columns.findIndex(({ name }) => name.toLowerCase() === column.field.name.toLowerCase());
    const source = columns[at];
    return source === undefined ? undefined : { at, into: intoField(column, source.type, object) };
  });
}

/** The keys of the key columns, joined, so that two rows of one key collide as in the unique index. */
function identity(table: Table, values: readonly Stored[]): string {
  return JSON.stringify(
    table.columns.flatMap((column, at) =>
      column.field.isPrimaryKey ? [String(column.keyOf(values[at] ?? null))] : [],
    ),
  );
}

function updater(
  db: DatabaseSync,
  table: Table,
  placed: readonly (Placed | undefined)[],
): (rid: Stored, values: readonly Stored[]) => void {
  const set = table.columns.flatMap((column, at) =>
    placed[at] === undefined || column.field.isPrimaryKey ? [] : [{ column, at }],
  );
  const places = set.flatMap(({ column }) => (column.key === undefined ? [column.place] : [column.place, column.key]));
  if (places.length === 0) return () => undefined;
  const statement = db.prepare(
    `UPDATE ${table.physical} SET ${places.map((place) => `${place} = ?`).join(", ")} WHERE rid = ?`,
  );
  return (rid, values) => {
    const parts = set.flatMap(({ column, at }) => {
      const value = values[at] ?? null;
      return column.key === undefined ? [value] : [value, column.keyOf(value)];
    });
    statement.run(...parts, rid);
  };
}

/**
 * Writes rows into a table, all or none, and returns their number.
 *
 * @param mode `insert` for Overwrite and Append, `update` to replace rows of the same primary key
 * @throws SqlError with the texts of MCE 8.6
 */
export function applyRows(
  db: DatabaseSync,
  mid: number,
  table: Table,
  incoming: Incoming,
  mode: "insert" | "update",
): number {
  dropIndexes(db, table);
  const object = `C${mid}.${table.name}`;
  const placed = placeColumns(table, object, incoming.columns);
  const insert = db.prepare(insertStatement(table));
  const keyed = table.keyColumns.length > 0;
  const match = table.keyColumns.map(({ place, key }) => `${key ?? place} = ?`).join(" AND ");
  const seek = keyed ? db.prepare(`SELECT rid FROM ${table.physical} WHERE ${match}`) : undefined;
  const update = mode === "update" ? updater(db, table, placed) : undefined;
  const seen = new Set<string>();
  return inTransaction(db, () => {
    for (const row of incoming.rows) {
      const values = table.columns.map((column, at) => {
        const place = placed[at];
        if (place !== undefined) return place.into(row[place.at] ?? null);
        if (!column.field.isRequired && !column.field.isPrimaryKey) return null;
        return intoField(column, { kind: "null" }, object)(null);
      });
      if (seek === undefined) {
        insert.run(...rowOf(table, values));
        continue;
      }
      const name = identity(table, values);
      if (seen.has(name)) throw duplicate(table, object, values);
      seen.add(name);
      const keys = table.columns.flatMap((column, at) =>
        column.field.isPrimaryKey ? [column.keyOf(values[at] ?? null)] : [],
      );
      const rid = seek.get(...keys)?.["rid"];
      if (rid === undefined) insert.run(...rowOf(table, values));
      else if (update === undefined) throw duplicate(table, object, values);
      else update(Number(rid), values);
    }
    return incoming.rows.length;
  });
}
