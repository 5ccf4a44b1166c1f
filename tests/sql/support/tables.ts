import { inferColumns, type Inferred, type OutputColumn, type TableField, type TableRef } from "#sql/infer.ts";

const people: TableField[] = [
  { name: "Id", fieldType: "Number" },
  { name: "Email", fieldType: "EmailAddress", maxLength: 80 },
  { name: "Name", fieldType: "Text", maxLength: 50 },
  { name: "Notes", fieldType: "Text", maxLength: 4000 },
  { name: "Amount", fieldType: "Decimal", maxLength: 10, scale: 2 },
  { name: "Born", fieldType: "Date" },
  { name: "Active", fieldType: "Boolean" },
  { name: "Mobile", fieldType: "Phone" },
  { name: "Lang", fieldType: "Locale" },
  { name: "Blob", fieldType: "Text" },
];

const orders: TableField[] = [
  { name: "Id", fieldType: "Number" },
  { name: "PersonId", fieldType: "Number" },
  { name: "Email", fieldType: "Text", maxLength: 200 },
  { name: "Total", fieldType: "Decimal", precision: 18, scale: 4 },
  { name: "Code", fieldType: "Text", maxLength: 12 },
];

const known: Readonly<Record<string, readonly TableField[]>> = {
  people,
  orders,
  "my de": [
    { name: "Order", fieldType: "Number" },
    { name: "First Name", fieldType: "Text", maxLength: 30 },
  ],
  "ent.shared": [{ name: "Key", fieldType: "Text", maxLength: 36 }],
};

/** The fields of the tests' tables: People, Orders, [My DE] and Ent.Shared; nothing for other names. */
export function fieldsOf(table: TableRef): readonly TableField[] | undefined {
  return known[(table.ent ? "ent." : "") + table.name.toLowerCase()];
}

/** What inferColumns() makes of a query over the tests' tables. */
export function infer(sql: string): Inferred {
  return inferColumns(sql, fieldsOf);
}

/** A column as one word: `Text(50)`, `Decimal(10,2)`, `Number`, with a `?` behind what is assumed. */
function shown({ fieldType, maxLength, precision, scale, assumed }: OutputColumn): string {
  const size = precision === undefined ? maxLength : `${precision},${scale}`;
  return fieldType + (size === undefined ? "" : `(${size})`) + (assumed === true ? "?" : "");
}

/** The inferred columns as `name type`, or the answer's kind. */
export function columns(sql: string): string[] {
  const answer = infer(sql);
  return answer.kind === "inferred" ? answer.columns.map((column) => `${column.name} ${shown(column)}`) : [answer.kind];
}

/** The type of the only column of `SELECT <expression> AS x FROM People p`. */
export function typeOf(expression: string): string {
  return columns(`SELECT ${expression} AS x FROM People p`).join().replace(/^x /, "");
}

/** The text to run, or the answer's kind. */
export function rewritten(sql: string): string {
  const answer = infer(sql);
  return answer.kind === "inferred" ? answer.sql : answer.kind;
}
