import { keyOf, needsKey } from "../convert/key.ts";
import { typeOfField, type Field, type SqlType, type Stored } from "../types.ts";

/** One column of a stored table: the SQLite column of its values and, for types that need it, of their keys. */
export type Column = { field: Field; type: SqlType; place: string; key?: string; keyOf: (value: Stored) => Stored };

/** A data extension or system view; rows of a lazy one are made at first use. */
export type Table = {
  name: string;
  physical: string;
  columns: readonly Column[];
  keyColumns: readonly Column[];
  isSystem: boolean;
  lazy?: { rows: number; fill: () => Iterable<readonly Stored[]> };
  /** Indexes made for queries: SQLite's name by the indexed value, undefined where the value fails on a row. */
  indexes: Map<string, string | undefined>;
  indexesMade: number;
};

/** The description of a table; creates nothing yet. */
export function planTable(name: string, physical: string, fields: readonly Field[], isSystem: boolean): Table {
  const columns = fields.map((field, at): Column => {
    const type = typeOfField(field);
    const column: Column = { field, type, place: `c${at}`, keyOf: keyOf(type) };
    if (needsKey(type)) column.key = `k${at}`;
    return column;
  });
  const keyColumns = columns.filter(({ field }) => field.isPrimaryKey);
  return { name, physical, columns, keyColumns, isSystem, indexes: new Map(), indexesMade: 0 };
}

/** The SQLite statements that create the table. `rowid` is MCE's hidden `_CustomObjectKey`: it grows and is never reused. */
export function createStatements(table: Table): string[] {
  const places = table.columns.flatMap(({ place, key }) => (key === undefined ? [place] : [place, key]));
  const statements = [
    `CREATE TABLE ${table.physical} (rid INTEGER PRIMARY KEY AUTOINCREMENT${places.map((place) => `, ${place}`).join("")})`,
  ];
  if (table.keyColumns.length > 0 && !table.isSystem) {
    const keys = table.keyColumns.map(({ place, key }) => key ?? place).join(", ");
    statements.push(`CREATE UNIQUE INDEX ${table.physical}_pk ON ${table.physical} (${keys})`);
  }
  return statements;
}

/** INSERT of one whole row, values and keys in the order `rowOf` gives them. */
export function insertStatement(table: Table): string {
  const places = table.columns.flatMap(({ place, key }) => (key === undefined ? [place] : [place, key]));
  if (places.length === 0) return `INSERT INTO ${table.physical} DEFAULT VALUES`;
  return `INSERT INTO ${table.physical} (${places.join(", ")}) VALUES (${places.map(() => "?").join(", ")})`;
}

/** Values and keys of one row, ready for `insertStatement`. */
export function rowOf(table: Table, values: readonly Stored[]): Stored[] {
  return table.columns.flatMap((column, at) => {
    const value = values[at] ?? null;
    return column.key === undefined ? [value] : [value, column.keyOf(value)];
  });
}
