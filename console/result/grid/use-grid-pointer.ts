import { useRef, type Dispatch, type MouseEvent, type SetStateAction } from "react";
import { select, selectRange, type Cell, type Selection } from "./selection.ts";

type Pointer = {
  rows: number;
  columns: number;
  setSelection: Dispatch<SetStateAction<Selection>>;
  openMenu: (at: { x: number; y: number }) => void;
};

/** What the mouse does in a grid: cells by a click, ranges by a drag or Shift, rows and columns by their heads. */
export function useGridPointer({ rows, columns, setSelection, openMenu }: Pointer) {
  const isDragging = useRef(false);
  const extent = { rows, columns };
  return {
    onMouseDown(event: MouseEvent) {
      const at = cellOf(event);
      if (at === undefined || event.button > 0) return;
      isDragging.current = at.row >= 0 && at.column >= 0;
      setSelection((now) => pressed(now, at, event.shiftKey, extent));
    },
    onMouseOver(event: MouseEvent) {
      if (!isDragging.current) return;
      if (event.buttons !== 1) isDragging.current = false;
      const at = cellOf(event);
      if (at !== undefined && at.row >= 0 && at.column >= 0) setSelection((now) => select(now, at, true, extent));
    },
    onMouseUp() {
      isDragging.current = false;
    },
    onContextMenu(event: MouseEvent) {
      const at = cellOf(event);
      if (at === undefined) return;
      event.preventDefault();
      setSelection((now) => (isInside(now, at) ? now : pressed(now, at, false, extent)));
      openMenu({ x: event.clientX, y: event.clientY });
    },
  };
}

/** The selection behind a click; row -1 is a column's head, column -1 a row's number, -2 the corner. */
function pressed(now: Selection, at: Cell, isShift: boolean, extent: { rows: number; columns: number }): Selection {
  const last = { row: extent.rows - 1, column: extent.columns - 1 };
  if (at.row === -2) return selectRange({ top: 0, bottom: last.row, left: 0, right: last.column });
  if (at.row === -1) {
    const from = isShift ? now.anchor.column : at.column;
    return { anchor: { row: last.row, column: from }, head: { row: 0, column: at.column } };
  }
  if (at.column === -1) {
    const from = isShift ? Math.max(0, now.anchor.row) : at.row;
    return { anchor: { row: from, column: last.column }, head: { row: at.row, column: 0 } };
  }
  return select(now, at, isShift, extent);
}

function isInside({ anchor, head }: Selection, { row, column }: Cell): boolean {
  const isRow = Math.min(anchor.row, head.row) <= row && row <= Math.max(anchor.row, head.row);
  return isRow && Math.min(anchor.column, head.column) <= column && column <= Math.max(anchor.column, head.column);
}

/** The cell under the pointer; nothing over a handle or a button. */
function cellOf({ target }: MouseEvent): Cell | undefined {
  if (!(target instanceof Element) || target.closest("[data-handle],[data-sort]") !== null) return undefined;
  const cell = target.closest<HTMLElement>("[data-row]");
  if (cell === null) return undefined;
  const { row, column } = cell.dataset;
  return { row: Number(row), column: column === undefined ? -1 : Number(column) };
}
