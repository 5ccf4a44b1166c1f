import { unknownType } from "../types/sql-type.ts";
import { at, listAt, nameOf, variant } from "./ast.ts";
import { settledNames, type Unsettled } from "./column-names.ts";
import { editItem, placesOf } from "./item-edits.ts";
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
function doubtOuter(reading: Reading, select: unknown, scope: Scope): void {
  const items = listAt(select, "projection");
  const { tag, body } = variant(at(items[0], "UnnamedExpr"));
  const name = items.length === 1 && tag === "Identifier" ? nameOf(body) : undefined;
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
export function projectionColumns(reading: Reading, select: unknown, scope: Scope, role: Role): Columns {
  const items = listAt(select, "projection").map((node) => itemOf(reading, node, scope));
  const flat = items.flatMap(unsettled);
  const types = items.flatMap((item) =>
    item.kind === "star" ? item.columns.map(({ column }) => column.type) : [item.type],
  );
  const isOpen = items.some((item) => item.kind === "star" && item.isOpen);
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
  const places = placesOf(reading, select, items.length);
  if (places === undefined) return asWritten;
  let done = 0;
  for (const [index, item] of items.entries()) {
    const tokens = places[index];
    const count = item.kind === "star" ? item.columns.length : 1;
    const settled = names.slice(done, done + count);
    if (tokens !== undefined) editItem(reading, item, tokens, settled, scope, isNamed && !isOpen);
    done += count;
  }
  if (role === "output") noteNames(reading, flat, names);
  if (!isNamed || isOpen) return asWritten;
  return { columns: names.map((name, index) => ({ name, type: types[index] ?? unknownType })), isOpen };
}
