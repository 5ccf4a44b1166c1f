import { given } from "#lang/given.ts";
import type { FieldDefinition } from "#mce/soap/field.ts";
import type { Column } from "#protocol/column.ts";
import type { Target } from "#protocol/target.ts";
import type { Source } from "#sql/sources.ts";
import { fitColumn, type ColumnFit } from "./column-fit.ts";

/** Why a query cannot write to its target, and what helps. */
export type Refusal = { message: string; fix: string };

/**
 * What will happen to one field of the target; `column` is the query's column for it. `unfilled`: there is none and none is
 * needed; `missing`: there is none, but the field needs one. A column without a field is refused under its own name.
 */
type FieldFit = { field: string; column?: string } & (
  | ColumnFit
  | { verdict: "unfilled" }
  | { verdict: "missing"; message: string; fix: string }
);

/** `refusal`: the target does not allow such a run, with any columns. */
export type Fit = { fields: readonly FieldFit[]; refusal?: Refusal };

export type Comparison = {
  columns: readonly Column[];
  /** The source of each column, in the same order; absent: unknown. */
  sources?: readonly Source[];
  fields: readonly FieldDefinition[];
  mode: Target["mode"];
};

const notesMax = 20;
/** Most names in one sentence. */
const namesMax = 10;

const rows: Source = { kind: "rows" };

/** Compares a query's columns with the fields of its target (MCE 5.1, 8.1, 8.6). Pure. */
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

/** What ends the run before anything is created. */
export function refusalsOf({ fields, refusal }: Fit): readonly Refusal[] {
  const refusals = fields.flatMap((field) =>
    field.verdict === "refused" || field.verdict === "missing" ? [{ message: field.message, fix: field.fix }] : [],
  );
  return refusal === undefined ? refusals : [...refusals, refusal];
}

/** What the user must know about a run that continues; the number of notes is limited. */
export function notesOf({ fields }: Fit): readonly string[] {
  const notes = fields.flatMap((field) =>
    field.verdict === "may-cut" || field.verdict === "may-fail" ? [field.message] : [],
  );
  const more = notes.length - notesMax;
  if (more <= 0) return notes;
  return [...notes.slice(0, notesMax), `${more} more columns may be cut, or may make the run fail, in the same ways`];
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

/** A field without a column. Whether MCE uses the default value of a required one is not proven, so MCE decides. */
function leftOut({ name, isRequired, isPrimaryKey, hasDefault }: FieldDefinition): FieldFit {
  const isMissing = isPrimaryKey === true || (isRequired === true && hasDefault !== true);
  if (!isMissing) return { field: name, verdict: "unfilled" };
  return {
    field: name,
    verdict: "missing",
    message: `the query has no column ${name}, which the target ${isPrimaryKey ? "has as primary key" : "requires"}`,
    fix: `Select a column named ${name}`,
  };
}

/** An update finds rows by primary key and changes the other fields, so it needs both. */
function updateRefusal(fields: readonly FieldDefinition[]): Refusal | undefined {
  const keys = fields.filter(({ isPrimaryKey }) => isPrimaryKey === true);
  const shown = fields.slice(0, namesMax).map(({ name }) => name);
  const names = [...shown, ...(fields.length > namesMax ? ["…"] : [])].join(", ");
  if (keys.length === 0) {
    const message = `an update needs a primary key, and none of the target's fields (${names}) is one`;
    return { message, fix: "Run with overwrite or append, or give the target a primary key" };
  }
  if (keys.length < fields.length) return undefined;
  const message = `an update needs a field outside the primary key, and all of the target's fields are in it (${names})`;
  return { message, fix: "Run with overwrite or append" };
}
