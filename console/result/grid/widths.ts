import type { Cell, Column } from "#client/result-page.ts";
import { keep, kept } from "../../state/kept.ts";
import { shown, typeWords } from "./show.ts";

/** Pixels. */
export const widths = { number: 52, least: 56, most: 900, usualMost: 380 };
/** About the width of a letter of the grid's font, and of the head's. */
const letter = { cell: 7.25, head: 8, type: 6.3 };
/** Blanks at both sides, and the handle. */
const room = 26;

/** How wide a column has to be to show its name and the values of a page. */
export function fitting(column: Column, values: readonly Cell[], most = widths.usualMost): number {
  const head = column.name.length * letter.head + typeWords(column).length * letter.type + 14;
  const longest = Math.max(0, ...values.map((value) => lengthOf(shown(value, column))));
  return Math.round(Math.min(most, Math.max(widths.least, head + room, longest * letter.cell + room)));
}

/** Letters of East Asia are twice as wide. */
function lengthOf(text: string): number {
  const wide = text.match(/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/g)?.length ?? 0;
  return text.length + wide;
}

/** What people have set by hand, by the column's name; the oldest go first. */
const keptMost = 300;

/** The width that somebody gave a column of this name. */
export function widthKept(name: string): number | undefined {
  const width = known()[name];
  return typeof width === "number" && width >= widths.least && width <= widths.most ? width : undefined;
}

/** Keeps the width of a column for the next result. */
export function keepWidth(name: string, width: number): void {
  const { [name]: _, ...others } = known();
  keep("widths", Object.fromEntries([...Object.entries(others), [name, width]].slice(-keptMost)));
}

function known(): Record<string, unknown> {
  const found = kept("widths");
  return typeof found === "object" && found !== null ? { ...found } : {};
}
