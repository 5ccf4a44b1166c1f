import type { Cell, Column } from "#client/result-page.ts";
import type { Preferences } from "../../state/preferences.ts";

/** A column that rows are sorted by. */
export type Sort = { sort: string; desc: boolean };

/** What a grid shows, and whom it tells what people do. */
export type GridProps = {
  name: string;
  columns: readonly Column[];
  rows: readonly (readonly Cell[])[];
  /** The number of the page's first row, from 1. */
  firstNumber: number;
  times: Preferences["times"];
  sort?: Sort | undefined;
  /** Absent where rows cannot be sorted. */
  onSort?: ((column: Column) => void) | undefined;
  onTurn?: ((by: 1 | -1) => void) | undefined;
  onView: (column: Column, value: Cell) => void;
  /** The keys are in the lower half: the next page may be wanted soon. */
  onDeep?: (() => void) | undefined;
};
