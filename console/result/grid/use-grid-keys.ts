import type { ClipboardEvent, KeyboardEvent, RefObject } from "react";
import { copyText } from "../../parts/copy.ts";
import { say } from "../../state/state.ts";
import { words } from "../../words/en.ts";
import type { GridProps } from "./grid-props.ts";
import { rangeOf, selectByKey, selectRange, type Selection } from "./selection.ts";
import { inList, markdown, tabSeparated } from "./texts.ts";

/** In which form cells are copied. */
export type CopyAs = "plain" | "header" | "markdown" | "in" | "names";

type Keys = Pick<GridProps, "columns" | "rows" | "onTurn" | "onView"> & {
  selection: Selection;
  setSelection: (next: Selection) => void;
  sortBy: (column: number) => void;
  openMenu: (at: { x: number; y: number }) => void;
  box: RefObject<HTMLDivElement | null>;
  idOf: (row: number, column: number) => string;
};

/** What the keys of a grid do, and what its menu does, too. */
export function useGridKeys(keys: Keys) {
  const copy = (how: CopyAs) => {
    if (!copyText(textOf(keys, how))) say(words.grid.notCopied);
    else say(saidOf(keys, how));
  };
  const view = () => {
    const { row, column } = keys.selection.head;
    const found = keys.columns[column];
    if (found !== undefined && row >= 0) keys.onView(found, keys.rows[row]?.[column] ?? null);
  };
  return {
    copy,
    view,
    onCopy: (event: ClipboardEvent) => {
      event.preventDefault();
      event.clipboardData.setData("text/plain", textOf(keys, "plain"));
      say(saidOf(keys, "plain"));
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (act(event, keys, { copy, view })) event.preventDefault();
    },
  };
}

type Actions = { copy: (how: CopyAs) => void; view: () => void };

/** Does what a key stands for. @returns whether it stands for anything */
function act(event: KeyboardEvent, keys: Keys, { copy, view }: Actions): boolean {
  const { key, shiftKey: isShift, altKey } = event;
  const isCtrl = event.ctrlKey || event.metaKey;
  const { selection, setSelection, columns, rows } = keys;
  const { row, column } = selection.head;
  if (altKey) return turn(key, keys);
  if (isCtrl && isShift && key.toLowerCase() === "c") copy("header");
  else if (key === " " && isCtrl)
    setSelection(selectRange({ top: 0, bottom: rows.length - 1, left: column, right: column }));
  else if (key === " " && isShift)
    setSelection(selectRange({ top: row, bottom: row, left: 0, right: columns.length - 1 }));
  else if (key === " " || key === "Enter") {
    if (isCtrl) return false;
    if (row === -1) keys.sortBy(column);
    else view();
  } else if ((key === "F10" && isShift) || key === "ContextMenu") openMenuAtCell(keys);
  else {
    const next = selectByKey(
      selection,
      { key, isCtrl, isShift },
      { rows: rows.length, columns: columns.length },
      pageRows(keys),
    );
    if (next === undefined) return false;
    setSelection(next);
  }
  return true;
}

function turn(key: string, { onTurn }: Keys): boolean {
  if (onTurn === undefined || (key !== "ArrowLeft" && key !== "ArrowRight")) return false;
  onTurn(key === "ArrowRight" ? 1 : -1);
  return true;
}

function pageRows({ box }: Keys): number {
  return Math.max(1, Math.floor(((box.current?.clientHeight ?? 300) - 32) / 26) - 1);
}

function openMenuAtCell({ selection: { head }, idOf, openMenu }: Keys): void {
  const cell = document.getElementById(idOf(head.row, head.column))?.getBoundingClientRect();
  openMenu({ x: cell?.left ?? 0, y: cell?.bottom ?? 0 });
}

function copiedOf({ columns, rows, selection }: Keys) {
  const { top, bottom, left, right } = rangeOf(selection);
  return {
    columns: columns.slice(left, right + 1),
    rows: rows.slice(Math.max(0, top), bottom + 1).map((row) => row.slice(left, right + 1)),
    isHead: bottom < 0,
  };
}

function textOf(keys: Keys, how: CopyAs): string {
  const copied = copiedOf(keys);
  switch (how) {
    case "plain":
      return tabSeparated(copied, copied.isHead);
    case "header":
      return tabSeparated(copied, true);
    case "markdown":
      return markdown(copied);
    case "in":
      return inList(copied);
    case "names":
      return copied.columns.map(({ name }) => name).join(", ");
  }
}

function saidOf(keys: Keys, how: CopyAs): string {
  const { columns, rows, isHead } = copiedOf(keys);
  return how === "names" || isHead
    ? words.grid.copiedNames(columns.length)
    : words.grid.copied(rows.length, columns.length);
}
