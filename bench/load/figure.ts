import { printTable } from "../stack/figures.ts";

/** One figure of a load, with the bound that it has to keep. */
export type Figure = { name: string; value: number; unit: string; atMost: number };

/** Prints figures and bounds. @returns whether all hold */
export function printFigures(figures: readonly Figure[]): boolean {
  printTable(
    ["figure", "value", "at most", "unit", ""],
    figures.map(({ name, value, atMost, unit }) => [name, value, atMost, unit, value <= atMost ? "" : "OVER"]),
  );
  return figures.every(({ value, atMost }) => value <= atMost);
}
