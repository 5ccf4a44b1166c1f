import type { Completion } from "@codemirror/autocomplete";
import { fieldsKnown, needFields } from "../../engine/catalogue.ts";
import type { Reader } from "../../reader/load-reader.ts";
import { words } from "../../words/en.ts";
import { applying } from "./option.ts";
import { columnsOf, tableName, type ScopeTable } from "./columns.ts";

type Pair = { column: string; other: string };

/**
 * Whole conditions behind ON: the table that was joined last with each one before it, by the keys of data views, or by columns
 * of the same name of which one is a primary key.
 */
export function joinOptions(reader: Reader, tables: readonly ScopeTable[], prefix: string): Completion[] {
  const joined = tables.at(-1);
  if (joined === undefined) return [];
  return tables
    .slice(0, -1)
    .toReversed()
    .flatMap((other) => {
      const pairs = pairsOf(reader, joined, other);
      if (pairs.length === 0) return [];
      const text = pairs.map((pair) => conditionOf(reader, joined, other, pair)).join(" AND ");
      return [
        {
          label: prefix + text,
          type: "text",
          detail: words.editor.joinOn,
          boost: 20,
          apply: applying(prefix + text),
        },
      ];
    });
}

function conditionOf(
  { asWritten }: Reader,
  joined: ScopeTable,
  { alias }: ScopeTable,
  { column, other }: Pair,
): string {
  return `${asWritten(joined.alias)}.${asWritten(column)} = ${asWritten(alias)}.${asWritten(other)}`;
}

function pairsOf({ keysOf }: Reader, joined: ScopeTable, other: ScopeTable): readonly Pair[] {
  const [one, two] = [tableName(joined), tableName(other)];
  const byView = one === undefined || two === undefined ? undefined : keysOf(bare(one), bare(two));
  if (byView !== undefined) return byView;
  const names = new Map(columnsOf(other).map(({ name }) => [name.toLowerCase(), name]));
  const keys = new Set([...keysIn(one), ...keysIn(two)]);
  return columnsOf(joined).flatMap(({ name }) => {
    const same = names.get(name.toLowerCase());
    return same !== undefined && keys.has(name.toLowerCase()) ? [{ column: name, other: same }] : [];
  });
}

function bare(name: string): string {
  return name.replace(/^Ent\./i, "");
}

/** The primary key of a table, lower-cased. */
function keysIn(table: string | undefined): string[] {
  if (table === undefined) return [];
  needFields(table);
  const fields = fieldsKnown(table) ?? [];
  return fields.flatMap(({ name, isPrimaryKey }) => (isPrimaryKey ? [name.toLowerCase()] : []));
}
