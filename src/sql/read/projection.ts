import type { Item as ItemNode, Select } from "../syntax/tree.ts";
import { unknownType } from "../types/sql-type.ts";
import { settledNames, type Unsettled } from "./column-names.ts";
import { listEdits } from "./item-edits.ts";
import type { Reading, Role } from "./reading.ts";
import { resolve, type Columns, type Scope } from "./scope.ts";
import type { Item } from "./item.ts";
import { itemOf } from "./select-list.ts";

function unsettled(item: Item): Unsettled[] {
  return item.kind === "star" ? item.columns.map(({ column }) => ({ name: column.name })) : [item];
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

/** Notes the stars nobody can write out. */
function noteOpenStars(reading: Reading, items: readonly { node: ItemNode; item: Item }[]): void {
  for (const { node, item } of items) {
    if (item.kind !== "star" || !item.isOpen) continue;
    const { start, end } = node.expression;
    reading.openStars.push({ start, end, relations: item.relations.filter((relation) => relation.isOpen) });
  }
}

/**
 * The columns of a SELECT's list, each item typed in the scope of its FROM.
 *
 * Where the columns are a result or a table, stars are written out, unnamed columns named and equal names told apart:
 * by edits of the reading, but for the result, whose names the rewriting writes.
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
  noteOpenStars(reading, items);
  if (role === "output") reading.result = { select, items, scope };
  else reading.edits.push(...listEdits({ select, items, scope }, isNamed && !isOpen ? names : undefined));
  if (!isNamed || isOpen) return asWritten;
  return { columns: names.map((name, index) => ({ name, type: types[index] ?? unknownType })), isOpen };
}
