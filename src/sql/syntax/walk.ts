import type { Node, Query, Table } from "./tree.ts";

/** Whether a value is a node. */
export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "kind" in value;
}

/** Most nodes are of these kinds, and have nothing inside. */
const leafKinds: ReadonlySet<string> = new Set(["column", "literal", "star", "keyword", "variable", "missing", "type"]);
const none: readonly Node[] = [];

/** The nodes directly below one, in the order of the text. */
export function childrenOf(node: Node): readonly Node[] {
  if (leafKinds.has(node.kind)) return none;
  const children: Node[] = [];
  let isOrdered = true;
  const add = (child: unknown): void => {
    if (!isNode(child)) return;
    isOrdered &&= child.start >= (children.at(-1)?.start ?? 0);
    children.push(child);
  };
  // The members of a node are read by name where they matter; here all that are nodes themselves.
  for (const value of Object.values(node)) {
    if (typeof value !== "object") continue;
    if (Array.isArray(value)) for (const item of value) add(item);
    else add(value);
  }
  return isOrdered ? children : children.sort((one, other) => one.start - other.start);
}

function gather(node: Node, common: ReadonlySet<string>, found: Table[]): void {
  if (node.kind === "query" && node.commonTables.length > 0) return gatherWith(node, common, found);
  if (node.kind === "table") {
    const only = node.name.length === 1 ? node.name[0] : undefined;
    if (only === undefined || !common.has(only.value.toLowerCase())) found.push(node);
  }
  for (const child of childrenOf(node)) gather(child, common, found);
}

/** Common table expressions see themselves and those before them. */
function gatherWith({ commonTables, ...query }: Query, common: ReadonlySet<string>, found: Table[]): void {
  const inside = new Set(common);
  for (const { name, query: own } of commonTables) {
    inside.add(name.value.toLowerCase());
    gather(own, inside, found);
  }
  gather({ ...query, commonTables: [] }, inside, found);
}

const known = new WeakMap<Query, readonly Table[]>();

/** Every table a query reads, wherever it stands, as often as it is written; common table expressions are none. */
export function tablesRead(query: Query): readonly Table[] {
  const before = known.get(query);
  if (before !== undefined) return before;
  const found: Table[] = [];
  gather(query, new Set(), found);
  known.set(query, found);
  return found;
}
