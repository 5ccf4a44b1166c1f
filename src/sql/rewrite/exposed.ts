import type { CommonTable, Node, Query } from "../syntax/tree.ts";
import { childrenOf } from "../syntax/walk.ts";
import { plainName, tablesIn } from "./common-tables.ts";

/**
 * The common table expressions that are written out where a query around them can be seen: in a subquery, in what is applied,
 * and in others of these. A name that their own tables do not have may mean a column of that query there.
 */
export function exposedTables(tree: Query): CommonTable[] {
  const tables = new Map(tree.commonTables.map((table) => [table.name.value.toLowerCase(), table]));
  if (tables.size === 0) return [];
  const found = new Set<CommonTable>();
  const expose = (node: Node): void => {
    for (const reference of tablesIn(node)) {
      const table = tables.get(plainName(reference) ?? "");
      if (table === undefined || found.has(table)) continue;
      found.add(table);
      expose(table.query);
    }
  };
  for (const inner of tree.commonTables) applied(inner.query).forEach(expose);
  applied({ ...tree, commonTables: [] }).forEach(expose);
  return tree.commonTables.filter((table) => found.has(table));
}

/** The outermost parts of a query that see the query around them. */
function applied(node: Node): Node[] {
  return childrenOf(node).flatMap((child) => (seesAround(node, child) ? [child] : applied(child)));
}

function seesAround(node: Node, child: Node): boolean {
  if (node.kind === "join") return child === node.source && node.type.endsWith("apply");
  return child.kind === "query" && ["subquery", "exists", "in", "opaque"].includes(node.kind);
}
