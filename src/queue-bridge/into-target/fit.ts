import { given } from "#lang/given.ts";
import type { FieldDefinition } from "#mce/soap/field.ts";
import type { Column } from "#protocol/column.ts";
import type { Target } from "#protocol/target.ts";
import type { Source } from "#sql/sources.ts";
import { fitColumn, type ColumnFit } from "./column-fit.ts";

/** Why a run cannot go into its target, and what helps. */
export type Refusal = { message: string; fix: string };

/**
 * What is to be expected of one field of the target: `column` is what the query gives it. `unfilled`: nothing, and it may
 * stay so; `missing`: nothing, and it must not. A column the target has no field for is refused under its own name.
 */
type FieldFit = { field: string; column?: string } & (
  | ColumnFit
  | { verdict: "unfilled" }
  | { verdict: "missing"; message: string; fix: string }
);

/** `refusal`: the target takes no such run, whatever the query gives. */
export type Fit = { fields: readonly FieldFit[]; refusal?: Refusal };

export type Comparison = {
  columns: readonly Column[];
  /** Of each column, in the same order; absent: nothing is known of them. */
  sources?: readonly Source[];
  fields: readonly FieldDefinition[];
  mode: Target["mode"];
};

const notesMax = 20;
/** As many names as a sentence bears. */
const namesMax = 10;

const rows: Source = { kind: "rows" };

/** Compares a query's columns with the fields of the Data Extension they go into (MCE 5.1, 8.1, 8.6). Pure. */
export function fitTarget({ columns, sources, fields, mode }: Comparison): Fit {
  const fieldOf = new Map(fields.map((field) => [field.name.toLowerCase(), field]));
  const selected = new Set(columns.map(({ name }) => name.toLowerCase()));
  const filled = columns.map((column, index): FieldFit => {
    const field = fieldOf.get(column.name.toLowerCase());
    if (field === undefined) return unknownColumn(column);
    return { field: field.name, column: column.name, ...fitColumn(column, sources?.[index] ?? rows, field) };
  });
  const left = fields.filter(({ name }) => !selected.has(name.toLowerCase())).map(leftOut);
  const refusal = mode === "update" ? updateRefusal(fields) : undefined;
  return { fields: [...left, ...filled], ...given({ refusal }) };
}

/** What ends the run before anything is made. */
export function refusalsOf({ fields, refusal }: Fit): readonly Refusal[] {
  const refusals = fields.flatMap((field) =>
    field.verdict === "refused" || field.verdict === "missing" ? [{ message: field.message, fix: field.fix }] : [],
  );
  return refusal === undefined ? refusals : [...refusals, refusal];
}

/** What the user has to know of a run that goes on; a run carries only so many notes. */
export function notesOf({ fields }: Fit): readonly string[] {
  const notes = fields.flatMap((field) =>
    field.verdict === "may-cut" || field.verdict === "may-fail" ? [field.message] : [],
  );
  const more = notes.length - notesMax;
  if (more <= 0) return notes;
  return [...notes.slice(0, notesMax), `${more} more columns may be cut or may end the run in the same ways`];
}

function unknownColumn({ name }: Column): FieldFit {
  return {
    field: name,
    column: name,
    verdict: "refused",
    message: `the target has no field ${name}`,
    fix: `Leave ${name} out, or give it the name of a field of the target with AS`,
  };
}

/** A required field with a default value may be filled by it: whether MCE does is not proven, so MCE decides. */
function leftOut({ name, isRequired, isPrimaryKey, hasDefault }: FieldDefinition): FieldFit {
  const isMissing = isPrimaryKey === true || (isRequired === true && hasDefault !== true);
  if (!isMissing) return { field: name, verdict: "unfilled" };
  return {
    field: name,
    verdict: "missing",
    message: `the query gives no ${name}, which the target ${isPrimaryKey ? "has as primary key" : "requires"}`,
    fix: `Select a column named ${name}`,
  };
}

/** An update finds rows by primary key and changes the other fields, so both must be there. */
function updateRefusal(fields: readonly FieldDefinition[]): Refusal | undefined {
  const keys = fields.filter(({ isPrimaryKey }) => isPrimaryKey === true);
  const shown = fields.slice(0, namesMax).map(({ name }) => name);
  const names = [...shown, ...(fields.length > namesMax ? ["…"] : [])].join(", ");
  if (keys.length === 0) {
    const message = `an update needs a primary key, and none of the target's fields (${names}) is one`;
    return { message, fix: "Run with overwrite or append, or give the target a primary key" };
  }
  if (keys.length < fields.length) return undefined;
  const message = `an update needs a field that is no primary key, and all of the target's are (${names})`;
  return { message, fix: "Run with overwrite or append" };
}
