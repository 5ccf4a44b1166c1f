import type { Column } from "#protocol/column.ts";
import type { Cell } from "./rows.ts";

/** Which rows of a result somebody wants to see, and in which order. */
export type Choice = { find?: string | undefined; sort?: string | undefined; desc: boolean };

/** The place of a column by its name; another case will do. */
export function columnAt(columns: readonly Column[], name: string): number | undefined {
  const exact = columns.findIndex((column) => column.name === name);
  const lower = name.toLowerCase();
  const at = exact >= 0 ? exact : columns.findIndex((column) => column.name.toLowerCase() === lower);
  return at < 0 ? undefined : at;
}

/**
 * Picks the rows that have a text in any of their values, and sorts them by a column: numbers as numbers, dates by their
 * time, texts without regard to case, nulls last either way. Rows that are alike keep their order.
 */
export function chosenRows(
  columns: readonly Column[],
  rows: readonly Cell[][],
  { find, sort, desc }: Choice,
): readonly Cell[][] {
  const wanted = find?.toLowerCase() ?? "";
  const found = wanted === "" ? rows : rows.filter((row) => row.some((cell) => textOf(cell).includes(wanted)));
  const at = sort === undefined ? undefined : columnAt(columns, sort);
  const column = at === undefined ? undefined : columns[at];
  if (at === undefined || column === undefined) return found;
  const compare = comparing(column);
  return found.toSorted((one, other) => {
    const [a, b] = [one[at] ?? null, other[at] ?? null];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return desc ? compare(b, a) : compare(a, b);
  });
}

function textOf(cell: Cell): string {
  return cell === null ? "" : String(cell).toLowerCase();
}

const texts = new Intl.Collator("en", { sensitivity: "base" });

function comparing({ type }: Column): (one: Cell, other: Cell) => number {
  // A long Decimal is a text of digits.
  if (type === "Number" || type === "Decimal") return (one, other) => orderOf(Number(one), Number(other));
  if (type === "Boolean") return (one, other) => Number(one === true) - Number(other === true);
  // Times of one column have one form and one zone.
  if (type === "Date") return (one, other) => orderOf(String(one), String(other));
  return (one, other) => texts.compare(String(one), String(other));
}

function orderOf<T extends number | string>(one: T, other: T): number {
  return one < other ? -1 : Number(one > other);
}
