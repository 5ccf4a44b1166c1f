import type { Field, Folder, Table, TableKind } from "#client/schema-types.ts";
import type { Catalogue } from "../engine/catalogue.ts";

/** One line of the tree. `setSize` and `place` are what a screen reader says of it. */
export type Node = { id: string; level: number; setSize: number; place: number; isOpen?: boolean } & (
  | { kind: "root"; of: TableKind; count: number }
  | { kind: "folder"; name: string }
  | { kind: "table"; table: Table }
  | { kind: "field"; field: Field; table: Table }
  | { kind: "note"; text: "loading" | "empty" | { refusal: string } }
);

const roots: readonly TableKind[] = ["data-extension", "shared", "synchronized", "data-view"];

/** What is below something: folders first, then tables. */
type Below = { folders: Map<number, Folder[]>; tables: Map<number, Table[]>; of: Map<TableKind, Table[]> };

const built = new WeakMap<readonly Table[], Below>();

function belowOf({ tables, folders }: Catalogue): Below {
  const known = built.get(tables);
  if (known !== undefined) return known;
  const below: Below = {
    folders: Map.groupBy(folders, ({ parentId }) => parentId),
    tables: Map.groupBy(tables, ({ folderId }) => folderId ?? 0),
    of: Map.groupBy(tables, ({ kind }) => kind),
  };
  built.set(tables, below);
  return below;
}

/** The lines of the tree as it is open; of 10,000 tables only those that can be seen by scrolling. Pure but for its cache. */
export function nodesOf(catalogue: Catalogue, open: ReadonlySet<string>): Node[] {
  const below = belowOf(catalogue);
  const nodes: Node[] = [];
  for (const [index, of] of roots.entries()) {
    const id = `root:${of}`;
    const isOpen = open.has(id);
    const count = below.of.get(of)?.length ?? 0;
    nodes.push({ id, level: 1, setSize: roots.length, place: index + 1, kind: "root", of, count, isOpen });
    if (isOpen) addBelow(nodes, catalogue, below, open, of);
  }
  return nodes;
}

function addBelow(nodes: Node[], catalogue: Catalogue, below: Below, open: ReadonlySet<string>, of: TableKind): void {
  const tops = (below.folders.get(0) ?? []).filter(({ kind }) => kind === of);
  const all = below.of.get(of) ?? [];
  if (all.length === 0) {
    nodes.push({
      id: `note:${of}`,
      level: 2,
      setSize: 1,
      place: 1,
      kind: "note",
      text: catalogue.isListed ? "empty" : "loading",
    });
    return;
  }
  // A kind has one folder at its top, which says the same as the root.
  const folderIds = new Set(catalogue.folders.map(({ id }) => id));
  const loose = all.filter(({ folderId }) => folderId === undefined || !folderIds.has(folderId));
  const inTops = tops.flatMap(({ id }) => below.tables.get(id) ?? []).filter(({ kind }) => kind === of);
  const folders = tops.flatMap(({ id }) => below.folders.get(id) ?? []);
  addLevel(nodes, catalogue, below, open, { folders, tables: [...inTops, ...loose], level: 2, of });
}

type Level = { folders: readonly Folder[]; tables: readonly Table[]; level: number; of: TableKind };

function addLevel(nodes: Node[], catalogue: Catalogue, below: Below, open: ReadonlySet<string>, level: Level): void {
  const { folders, tables, of } = level;
  const setSize = folders.length + tables.length;
  for (const [index, { id: folderId, name }] of folders.entries()) {
    const id = `folder:${of}:${folderId}`;
    const isOpen = open.has(id);
    nodes.push({ id, level: level.level, setSize, place: index + 1, kind: "folder", name, isOpen });
    if (!isOpen) continue;
    const inside = (below.tables.get(folderId) ?? []).filter(({ kind }) => kind === of);
    const next = { folders: below.folders.get(folderId) ?? [], tables: inside, level: level.level + 1, of };
    addLevel(nodes, catalogue, below, open, next);
  }
  for (const [index, table] of tables.entries())
    addTable(nodes, catalogue, open, table, { level: level.level, setSize, place: folders.length + index + 1 });
}

function addTable(
  nodes: Node[],
  catalogue: Catalogue,
  open: ReadonlySet<string>,
  table: Table,
  where: { level: number; setSize: number; place: number },
): void {
  const id = `table:${table.name}`;
  const isOpen = open.has(id);
  nodes.push({ id, ...where, kind: "table", table, isOpen });
  if (!isOpen) return;
  const entry = catalogue.fields.get(table.name.toLowerCase());
  const fields = entry?.known?.fields ?? catalogue.views.get(table.name.toLowerCase())?.fields;
  const level = where.level + 1;
  if (fields === undefined) {
    const text = entry?.refusal === undefined ? ("loading" as const) : { refusal: entry.refusal };
    nodes.push({ id: `${id}:note`, level, setSize: 1, place: 1, kind: "note", text });
    return;
  }
  for (const [index, field] of fields.entries())
    nodes.push({
      id: `${id}:${field.name}`,
      level,
      setSize: fields.length,
      place: index + 1,
      kind: "field",
      field,
      table,
    });
}

/** More hits say that the search is too wide; the tree stays quick. */
const hitsMax = 500;

/** The tables whose name, or one of whose known fields, has a text in it; those that begin with it come first. */
export function nodesLike(catalogue: Catalogue, text: string, open: ReadonlySet<string>): Node[] {
  const wanted = text.trim().toLowerCase();
  const hits = catalogue.tables.flatMap((table) => {
    const name = table.name.toLowerCase();
    if (name.startsWith(wanted)) return [{ table, rank: 0 }];
    if (name.includes(wanted)) return [{ table, rank: 1 }];
    const fields = catalogue.fields.get(name)?.known?.fields ?? catalogue.views.get(name)?.fields ?? [];
    return fields.some((field) => field.name.toLowerCase().includes(wanted)) ? [{ table, rank: 2 }] : [];
  });
  const nodes: Node[] = [];
  const sorted = hits.sort((one, other) => one.rank - other.rank).slice(0, hitsMax);
  for (const [index, { table }] of sorted.entries())
    addTable(nodes, catalogue, open, table, { level: 1, setSize: sorted.length, place: index + 1 });
  return nodes;
}
