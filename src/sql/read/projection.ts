import type { Select } from "../syntax/tree.ts";
import { unknownType } from "../types/sql-type.ts";
import { settledNames, type Unsettled } from "./column-names.ts";
import { editItem } from "./item-edits.ts";
import type { Reading, Role } from "./reading.ts";
import { resolve, type Columns, type Scope } from "./scope.ts";
import { itemOf, type Item } from "./select-list.ts";

function unsettled(item: Item): Unsettled[] {
  return item.kind === "star" ? item.columns.map(({ column }) => ({ name: column.name })) : [item];
}

function noteNames(reading: Reading, flat: readonly Unsettled[], names: readonly string[]): void {
  for (const [index, before] of flat.entries()) {
    const settled = names[index] ?? "";
    if (before.name !== settled) reading.notes.push(noteOf(before, settled, index + 1));
  }
}

function noteOf(before: Unsettled, settled: string, position: number): string {
  if (before.name === undefined || before.name.trim() === "")
    return `Column ${position} has no name; it is called ${settled}`;
  return `Column ${position} repeats the name ${before.name}; it is called ${settled}`;
}

/** Doubts a subquery's only column when it is no column of its own tables: `IN (SELECT x FROM t)` where t has no x. */
function doubtOuter(reading: Reading, { items }: Select, scope: Scope): void {
  const only = items.length === 1 && items[0]?.alias === undefined ? items[0]?.expression : undefined;
  const name = only?.kind === "column" && only.parts.length === 1 ? only.parts[0] : undefined;
  if (name === undefined || scope.relations.length === 0) return;
  const resolved = resolve(scope, [name]);
  if (resolved.kind !== "column" || resolved.isOuter !== true) return;
  reading.doubts.push({ kind: "outer", name, tables: scope.relations.map(({ alias, table }) => table?.name ?? alias) });
}

/**
 * The columns of a SELECT's list, each item typed in the scope of its FROM.
 *
 * Where the columns are a result or a table, stars are written out, unnamed columns named and equal names told apart:
 * by edits of the reading, noted for the user when they change the result's names.
 */
export function projectionColumns(reading: Reading, select: Select, scope: Scope, role: Role): Columns {
  const items = select.items.map((node) => ({ node, item: itemOf(reading, node, scope) }));
  const flat = items.flatMap(({ item }) => unsettled(item));
  const types = items.flatMap(({ item }) =>
    item.kind === "star" ? item.columns.map(({ column }) => column.type) : [item.type],
  );
  const isOpen = items.some(({ item }) => item.kind === "star" && item.isOpen);
  const asWritten = {
    columns: flat.map(({ name }, index) => ({ name, type: types[index] ?? unknownType })),
    isOpen,
  };
  if (role === "value") {
    doubtOuter(reading, select, scope);
    return asWritten;
  }
  const isNamed = role !== "branch";
  const names = isNamed && !isOpen ? settledNames(flat) : flat.map(({ name }, index) => name ?? `Column${index + 1}`);
  let done = 0;
  for (const { node, item } of items) {
    const count = item.kind === "star" ? item.columns.length : 1;
    editItem(reading, item, node, names.slice(done, done + count), scope, isNamed && !isOpen);
    done += count;
  }
  if (role === "output") noteNames(reading, flat, names);
  if (!isNamed || isOpen) return asWritten;
  return { columns: names.map((name, index) => ({ name, type: types[index] ?? unknownType })), isOpen };
}
