import { offsetOf, tokenIndexAt } from "../text/places.ts";
import { selectItems, type ItemTokens } from "../text/select-items.ts";
import { bracketed } from "../text/splice.ts";
import { at } from "./ast.ts";
import type { Edit, Reading } from "./reading.ts";
import type { Scope } from "./scope.ts";
import type { Item, StarColumn } from "./select-list.ts";

function starText(columns: readonly StarColumn[], names: readonly string[], isQualified: boolean): string {
  return columns
    .map(({ relation, column }, index) => {
      const name = column.name ?? "";
      const before = isQualified ? `${bracketed(relation.alias)}.` : "";
      const settled = names[index] ?? name;
      return before + bracketed(name) + (settled === name ? "" : ` AS ${bracketed(settled)}`);
    })
    .join(", ");
}

/** The edit that makes an expression's name the settled one; nothing when it already is. */
function nameEdit(
  reading: Reading,
  item: Item & { kind: "expression" },
  tokens: ItemTokens,
  settled: string,
): Edit | undefined {
  if (item.name === settled) return undefined;
  const isBefore = reading.tokens[tokens.first + 1]?.upper === "=";
  const alias = item.alias === undefined ? undefined : reading.tokens[isBefore ? tokens.first : tokens.end - 1];
  if (alias !== undefined) return { start: alias.start, end: alias.end, text: bracketed(settled) };
  const last = reading.tokens[tokens.end - 1];
  return last && { start: last.end, end: last.end, text: ` AS ${bracketed(settled)}` };
}

function starEdit(
  reading: Reading,
  item: Item & { kind: "star" },
  tokens: ItemTokens,
  names: readonly string[],
  scope: Scope,
): Edit | undefined {
  const first = reading.tokens[tokens.first];
  const last = reading.tokens[tokens.end - 1];
  if (first === undefined || last === undefined) return undefined;
  return {
    start: first.start,
    end: last.end,
    text: starText(item.columns, names, scope.relations.length > 1 || tokens.end - tokens.first > 1),
  };
}

/** Where each item of a SELECT stands; nothing when the tokens and the tree disagree. */
export function placesOf(reading: Reading, select: unknown, count: number): ItemTokens[] | undefined {
  const start = offsetOf(reading, at(at(at(select, "select_token"), "span"), "start"));
  if (start === undefined) return undefined;
  const items = selectItems(reading.tokens, tokenIndexAt(reading.tokens, start));
  return items.length === count ? items : undefined;
}

/** Writes an item's settled names into the text: a star spelled out, an alias put or replaced; an open star is only noted. */
export function editItem(
  reading: Reading,
  item: Item,
  tokens: ItemTokens,
  names: readonly string[],
  scope: Scope,
  isNamed: boolean,
): void {
  if (item.kind === "expression") {
    const edit = isNamed ? nameEdit(reading, item, tokens, names[0] ?? "") : undefined;
    if (edit !== undefined) reading.edits.push(edit);
  } else if (item.isOpen) {
    const first = reading.tokens[tokens.first];
    const last = reading.tokens[tokens.end - 1];
    if (first !== undefined && last !== undefined) {
      reading.openStars.push({
        start: first.start,
        end: last.end,
        relations: item.relations.filter((relation) => relation.isOpen),
      });
    }
  } else {
    const edit = starEdit(reading, item, tokens, names, scope);
    if (edit !== undefined) reading.edits.push(edit);
  }
}
