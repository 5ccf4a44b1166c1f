/**
 * The types of a data extension's fields, by MCE's names. Decimal keeps its precision in `maxLength`, as MCE does.
 *
 * Written here a second time: the sandbox stands in for MCE, so a wrong list in the product must not become right here.
 */
export const fieldTypes = ["Text", "Number", "Decimal", "Date", "Boolean", "EmailAddress", "Phone", "Locale"] as const;
export type FieldType = (typeof fieldTypes)[number];

/** One field of a data extension or view. */
export type Field = {
  name: string;
  fieldType: FieldType;
  maxLength?: number;
  scale?: number;
  isRequired: boolean;
  isPrimaryKey: boolean;
  defaultValue?: string;
  /** Of a system view: can be named, but is not part of `*` (MCE 8.7, NS). */
  isUnlisted?: true;
};

/**
 * One value as the engine takes and returns it: text in invariant form, null for NULL.
 * Date `YYYY-MM-DD HH:MM:SS.mmm` (server zone UTC-6), Boolean `True`/`False`, numbers in plain digits.
 */
export type Value = string | null;

/** A collation from COLLATE; `isExplicit` until the value is a column of a derived table. Absent: the database's. */
export type Collation = { name: string; isExplicit: boolean };

/** T-SQL's static types. `max` length is varchar(max). */
export type SqlType =
  | { kind: "null" }
  | { kind: "int"; size: "tinyint" | "smallint" | "int" | "bigint" }
  | { kind: "bit" }
  | { kind: "decimal"; precision: number; scale: number; money?: "money" | "smallmoney" }
  | { kind: "float"; size: "real" | "float" }
  | { kind: "text"; unicode: boolean; length: number | "max"; fixed: boolean; collation?: Collation }
  | { kind: "moment"; size: "date" | "datetime" | "smalldatetime" | "datetime2"; scale: number }
  | { kind: "time"; scale: number }
  | { kind: "offset"; scale: number }
  | { kind: "guid" }
  | { kind: "binary"; length: number | "max" }
  | { kind: "xml" };

/**
 * How a value is stored in SQLite: ints and bits as integers, decimals as plain digits of their scale, moments as
 * local milliseconds since 1970, times as milliseconds of the day, datetimeoffset as `<utc ms>|<minutes>`, GUIDs upper-case.
 */
export type Stored = number | bigint | string | Uint8Array | null;

export const int: SqlType = { kind: "int", size: "int" };
export const bigint: SqlType = { kind: "int", size: "bigint" };
export const bit: SqlType = { kind: "bit" };
export const float: SqlType = { kind: "float", size: "float" };
export const datetime: SqlType = { kind: "moment", size: "datetime", scale: 3 };
export const date: SqlType = { kind: "moment", size: "date", scale: 0 };
export const nullType: SqlType = { kind: "null" };

/** varchar of a length, or nvarchar. */
export function text(length: number | "max", unicode = false): SqlType {
  return { kind: "text", unicode, length, fixed: false };
}

export function decimal(precision: number, scale: number): SqlType {
  return { kind: "decimal", precision, scale };
}

/** The T-SQL type behind a field; MCE 4.2. A Decimal without precision is taken as SQL Server's default (18,0). */
export function typeOfField(field: Field): SqlType {
  switch (field.fieldType) {
    case "Text":
      return text(field.maxLength ?? "max");
    case "EmailAddress":
      return text(field.maxLength ?? 254);
    case "Phone":
      return text(field.maxLength ?? 50);
    case "Locale":
      return text(field.maxLength ?? 5);
    case "Number":
      return int;
    case "Decimal":
      return decimal(field.maxLength ?? 18, field.scale ?? 0);
    case "Date":
      return datetime;
    case "Boolean":
      return bit;
  }
}

/** The type's name as SQL Server's messages write it. */
export function typeName(type: SqlType): string {
  switch (type.kind) {
    case "int":
    case "float":
    case "moment":
      return type.size;
    case "decimal":
      return type.money ?? "numeric";
    case "text":
      return `${type.unicode ? "n" : ""}${type.fixed ? "char" : "varchar"}`;
    case "offset":
      return "datetimeoffset";
    case "guid":
      return "uniqueidentifier";
    case "binary":
      return "varbinary";
    case "null":
      return "int";
    case "bit":
    case "time":
    case "xml":
      return type.kind;
  }
}
