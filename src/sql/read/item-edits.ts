import type { Item as ItemNode } from "../syntax/tree.ts";
import { bracketed } from "../text/splice.ts";
import type { Edit, ResultList } from "./reading.ts";
import { ownersOf, type Relation, type Scope } from "./scope.ts";
import type { Item, StarColumn } from "./item.ts";

/** Whether a name alone means a column of a table that FROM gives no name to. */
function needsNoPrefix({ alias, isNameless }: Relation, name: string, { relations }: Scope): boolean {
  if (isNameless !== true) return false;
  return ownersOf(relations, name.toLowerCase()).every(({ relation }) => relation.alias === alias);
}

function starText(
  columns: readonly StarColumn[],
  names: readonly string[],
  scope: Scope,
  isQualified: boolean,
): string {
  return columns
    .map(({ relation, column }, index) => {
      const name = column.name ?? "";
      const before = isQualified && !needsNoPrefix(relation, name, scope) ? `${bracketed(relation.alias)}.` : "";
      const settled = names[index] ?? name;
      return before + bracketed(name) + (settled === name ? "" : ` AS ${bracketed(settled)}`);
    })
    .join(", ");
}

/** The edit that makes an expression's name the settled one; nothing when it already is, or where nothing stands. */
function nameEdit(item: Item & { kind: "expression" }, node: ItemNode, settled: string): Edit | undefined {
  if (item.name === settled || node.expression.kind === "missing") return undefined;
  if (node.alias === undefined) return { start: node.end, end: node.end, text: ` AS ${bracketed(settled)}` };
  const { start, end } = node.alias.name;
  return start === end ? undefined : { start, end, text: bracketed(settled) };
}

/**
 * The edit that writes an item's settled names into the text: a star spelled out, an alias put or replaced.
 *
 * @param names the item's own; nothing to keep those that are written
 */
function itemEdit(item: Item, node: ItemNode, names: readonly string[] | undefined, scope: Scope): Edit | undefined {
  if (item.kind === "expression") return names && nameEdit(item, node, names[0] ?? "");
  if (item.isOpen) return undefined;
  const { start, end } = node.expression;
  const isQualified = scope.relations.length > 1 || item.isQualified;
  return { start, end, text: starText(item.columns, names ?? [], scope, isQualified) };
}

/**
 * The edits that write a result's columns into the text of its list.
 *
 * @param names the columns', all of them; nothing to spell stars out only
 */
export function listEdits({ items, scope }: ResultList, names?: readonly string[]): Edit[] {
  let done = 0;
  return items.flatMap(({ node, item }) => {
    const count = item.kind === "star" ? item.columns.length : 1;
    const own = names?.slice(done, done + count);
    done += count;
    return itemEdit(item, node, own, scope) ?? [];
  });
}
