import type { Item as ItemNode } from "../syntax/tree.ts";
import { bracketed } from "../text/splice.ts";
import type { Edit, Reading } from "./reading.ts";
import { ownersOf, type Relation, type Scope } from "./scope.ts";
import type { Item, StarColumn } from "./select-list.ts";

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

/** Writes an item's settled names into the text: a star spelled out, an alias put or replaced; an open star is only noted. */
export function editItem(
  reading: Reading,
  item: Item,
  node: ItemNode,
  names: readonly string[],
  scope: Scope,
  isNamed: boolean,
): void {
  const { start, end } = node.expression;
  if (item.kind === "expression") {
    const edit = isNamed ? nameEdit(item, node, names[0] ?? "") : undefined;
    if (edit !== undefined) reading.edits.push(edit);
  } else if (item.isOpen) {
    const relations = item.relations.filter((relation) => relation.isOpen);
    reading.openStars.push({ start, end, relations });
  } else {
    const isQualified = scope.relations.length > 1 || item.isQualified;
    reading.edits.push({ start, end, text: starText(item.columns, names, scope, isQualified) });
  }
}
