/** A cell; row -1 is the head. */
export type Cell = { row: number; column: number };

/** A range of cells: from where it was begun to where the keys are. */
export type Selection = { anchor: Cell; head: Cell };

/** How many cells there are. */
export type Extent = { rows: number; columns: number };

/** A range by its edges, both included. */
export type Range = { top: number; bottom: number; left: number; right: number };

/** The selection of a grid that nobody has touched. */
export const atFirst: Selection = { anchor: { row: 0, column: 0 }, head: { row: 0, column: 0 } };

/** The edges of a selection. */
export function rangeOf({ anchor, head }: Selection): Range {
  return {
    top: Math.min(anchor.row, head.row),
    bottom: Math.max(anchor.row, head.row),
    left: Math.min(anchor.column, head.column),
    right: Math.max(anchor.column, head.column),
  };
}

/** Moves the selection to a cell, or extends it there. A range has no part of the head. */
export function select(now: Selection, to: Cell, isExtending: boolean, { rows, columns }: Extent): Selection {
  const column = clamp(to.column, 0, columns - 1);
  const row = clamp(to.row, isExtending && now.anchor.row >= 0 ? 0 : -1, rows - 1);
  const head = { row, column };
  return isExtending ? { ...now, head } : { anchor: head, head };
}

/** Selects whole rows or columns, or everything. */
export function selectRange({ top, bottom, left, right }: Range): Selection {
  return { anchor: { row: top, column: left }, head: { row: bottom, column: right } };
}

/** What a key of the keyboard does; how far a page goes is the grid's to know. */
export type Press = { key: string; isCtrl: boolean; isShift: boolean };

/** The selection behind a key; undefined for keys that do not move. */
export function selectByKey(now: Selection, press: Press, extent: Extent, pageRows: number): Selection | undefined {
  const { key, isCtrl, isShift } = press;
  if (isCtrl && key.toLowerCase() === "a")
    return selectRange({ top: 0, bottom: extent.rows - 1, left: 0, right: extent.columns - 1 });
  const to = moved(now.head, key, isCtrl, extent, pageRows);
  return to && select(now, to, isShift, extent);
}

function moved(
  { row, column }: Cell,
  key: string,
  isCtrl: boolean,
  extent: Extent,
  pageRows: number,
): Cell | undefined {
  const lastRow = extent.rows - 1;
  const lastColumn = extent.columns - 1;
  switch (key) {
    case "ArrowDown":
      return { row: isCtrl ? lastRow : row + 1, column };
    case "ArrowUp":
      return { row: isCtrl ? 0 : row - 1, column };
    case "ArrowRight":
      return { row, column: isCtrl ? lastColumn : column + 1 };
    case "ArrowLeft":
      return { row, column: isCtrl ? 0 : column - 1 };
    case "PageDown":
      return { row: row + pageRows, column };
    case "PageUp":
      return { row: Math.max(0, row - pageRows), column };
    case "Home":
      return { row: isCtrl ? 0 : row, column: 0 };
    case "End":
      return { row: isCtrl ? lastRow : row, column: lastColumn };
    default:
      return undefined;
  }
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
