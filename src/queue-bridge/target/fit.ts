import type { FieldDefinition } from "#mce/soap/field.ts";
import type { Column } from "#protocol/column.ts";
import type { Target } from "#protocol/target.ts";
import type { Source } from "#sql/sources.ts";
import { lengthMisfit, typeMisfit } from "./column-fit.ts";

/** Why a query's result cannot go into the target: a column or field by name, what is wrong with it, and what helps. */
export type Misfit = { column: string; message: string; fix: string };

/** Misfits end the run; notes tell of what MCE may take or not, depending on the rows. */
export type Fit = { misfits: readonly Misfit[]; notes: readonly string[] };

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

const computed: Source = { kind: "computed" };

/**
 * Compares a query's columns with the fields of the Data Extension they go into (FACTS 5.1, 8.1, 8.6). Pure.
 *
 * Declared types and lengths must fit: what MCE refuses for certain, and a field or text that is longer, or of another
 * type, than the one it goes into. A value that is worked out, or of a type nobody knows, only gets a note.
 */
export function fitTarget({ columns, sources, fields, mode }: Comparison): Fit {
  const fieldOf = new Map(fields.map((field) => [field.name.toLowerCase(), field]));
  const misfits: Misfit[] = [];
  const notes: string[] = [];
  for (const [index, column] of columns.entries()) {
    const field = fieldOf.get(column.name.toLowerCase());
    if (field === undefined) {
      misfits.push(unknownColumn(column));
      continue;
    }
    const source = sources?.[index] ?? computed;
    const found = typeMisfit(column, source, field) ?? lengthMisfit(column, source, field);
    if (found?.kind === "misfit") misfits.push(found.misfit);
    if (found?.kind === "note") notes.push(found.note);
  }
  return { misfits: [...missingFields(columns, fields), ...misfits, ...keyMisfits(fields, mode)], notes: fewer(notes) };
}

/** A run carries only so many notes. */
function fewer(notes: readonly string[]): readonly string[] {
  const more = notes.length - notesMax;
  return more <= 0 ? notes : [...notes.slice(0, notesMax), `The same holds for ${more} more columns`];
}

function unknownColumn({ name }: Column): Misfit {
  return {
    column: name,
    message: `the target has no field ${name}`,
    fix: `Leave ${name} out, or give it the name of a field of the target with AS`,
  };
}

/** A required field with a default value may be filled by it: whether MCE does is not proven, so MCE decides. */
function missingFields(columns: readonly Column[], fields: readonly FieldDefinition[]): Misfit[] {
  const given = new Set(columns.map(({ name }) => name.toLowerCase()));
  const missing = fields.filter(
    ({ name, isRequired, isPrimaryKey, hasDefault }) =>
      !given.has(name.toLowerCase()) && (isPrimaryKey === true || (isRequired === true && hasDefault !== true)),
  );
  return missing.map(({ name, isPrimaryKey }) => ({
    column: name,
    message: `the query gives no ${name}, which the target ${isPrimaryKey ? "has as primary key" : "requires"}`,
    fix: `Select a column named ${name}`,
  }));
}

/** An update finds rows by primary key and changes the other fields, so both must be there. */
function keyMisfits(fields: readonly FieldDefinition[], mode: Target["mode"]): Misfit[] {
  if (mode !== "update") return [];
  const keys = fields.filter(({ isPrimaryKey }) => isPrimaryKey === true);
  const shown = fields.slice(0, namesMax).map(({ name }) => name);
  const names = [...shown, ...(fields.length > namesMax ? ["…"] : [])].join(", ");
  if (keys.length === 0) {
    const message = `an update needs a primary key, and none of the target's fields (${names}) is one`;
    return [{ column: names, message, fix: "Run with overwrite or append, or give the target a primary key" }];
  }
  if (keys.length < fields.length) return [];
  const message = `an update needs a field that is no primary key, and all of the target's are (${names})`;
  return [{ column: names, message, fix: "Run with overwrite or append" }];
}
