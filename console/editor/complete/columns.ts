import type { Completion } from "@codemirror/autocomplete";
import type { Field } from "#client/schema-types.ts";
import { given } from "#lang/given.ts";
import { needFields, fieldsKnown } from "../../engine/catalogue.ts";
import { listedName } from "../../reader/known-tables.ts";
import type { Reader } from "../../reader/load-reader.ts";
import { fieldDocs } from "../docs/docs.ts";
import { applying, typeOf } from "./option.ts";

type ScopeAt = ReturnType<Reader["scopeAt"]>;
export type ScopeTable = ScopeAt["levels"][number][number];

/** A column that may stand somewhere, with what is known of it. */
export type KnownColumn = { name: string; field?: Field };

/** The name of a scope's table in lists; undefined for a query in FROM. */
export function tableName({ table }: ScopeTable): string | undefined {
  const name = table?.at(-1)?.value;
  if (name === undefined || table === undefined) return undefined;
  return listedName({ name, ent: table.length > 1 && table.at(-2)?.value.toLowerCase() === "ent" });
}

/** The columns of a table or query in FROM. Fields that are not known are asked for; the next key shows them. */
export function columnsOf(source: ScopeTable): KnownColumn[] {
  const name = tableName(source);
  if (name === undefined || !source.isOpen)
    return source.names.flatMap((column) => (column === undefined ? [] : [{ name: column }]));
  needFields(name);
  return (fieldsKnown(name) ?? []).map((field) => ({ name: field.name, field }));
}

/** The columns that one alias offers. */
export function columnOptions(reader: Reader, source: ScopeTable): Completion[] {
  return columnsOf(source).map((column) => option(reader, source, column, ""));
}

/** The columns of everything in scope: with their alias where several tables are there. */
export function scopeOptions(reader: Reader, { levels }: Pick<ScopeAt, "levels">): Completion[] {
  const isAlone = (levels[0]?.length ?? 0) <= 1 && levels.length <= 1;
  return levels.flatMap((level, depth) =>
    level.flatMap((source) => {
      const prefix = isAlone || source.alias === "" ? "" : `${reader.asWritten(source.alias)}.`;
      return columnsOf(source).map((column) => ({ ...option(reader, source, column, prefix), boost: 4 - depth }));
    }),
  );
}

function option(reader: Reader, source: ScopeTable, { name, field }: KnownColumn, prefix: string): Completion {
  const detail = [field && typeOf(field), prefix === "" ? undefined : source.alias].filter(Boolean).join(" · ");
  return {
    label: name,
    type: "property",
    apply: applying(prefix + reader.asWritten(name)),
    boost: 4,
    ...given({ detail: detail === "" ? undefined : detail }),
    ...(field !== undefined && { info: () => fieldDocs(field, tableName(source)) }),
  };
}

/** All columns of a table, written out: what a star stands for, and the text can be changed. */
export function allColumns(reader: Reader, { levels }: Pick<ScopeAt, "levels">): Completion[] {
  const level = levels[0] ?? [];
  return level.flatMap((source) => {
    const columns = columnsOf(source).filter(({ field }) => !field?.name.startsWith("_CustomObject"));
    if (columns.length === 0 || columns.length > 250) return [];
    const prefix = level.length === 1 || source.alias === "" ? "" : `${reader.asWritten(source.alias)}.`;
    const text = columns.map(({ name }) => prefix + reader.asWritten(name)).join(", ");
    return [{ label: `${prefix}* → ${columns.length} columns`, type: "text", boost: -2, apply: applying(text) }];
  });
}
