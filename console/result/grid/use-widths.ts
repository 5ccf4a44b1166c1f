import { useCallback, useMemo, useState } from "react";
import type { Cell, Column } from "#client/result-page.ts";
import { fitting, keepWidth, widthKept, widths as limits } from "./widths.ts";

type Rows = readonly (readonly Cell[])[];

/** The widths of a grid's columns, and how to change them. They stay while pages turn. */
export function useWidths(columns: readonly Column[], rows: Rows) {
  const key = columns.map(({ name, type }) => `${name}:${type}`).join("|");
  // oxlint-disable-next-line react/exhaustive-deps -- a result keeps its widths while its pages turn
  const first = useMemo(() => columns.map((column, at) => widthKept(column.name) ?? fit(column, rows, at)), [key]);
  const [changed, setChanged] = useState<{ key: string; widths: readonly number[] }>({ key: "", widths: [] });
  const widths = changed.key === key ? changed.widths : first;
  const setWidth = useCallback(
    (at: number, width: number) => {
      const held = Math.round(Math.max(limits.least, Math.min(limits.most, width)));
      setChanged((now) => ({ key, widths: (now.key === key ? now.widths : first).with(at, held) }));
      return held;
    },
    [key, first],
  );
  const fitWidth = useCallback(
    (at: number) => {
      const column = columns[at];
      if (column !== undefined) keepWidth(column.name, setWidth(at, fit(column, rows, at, limits.most)));
    },
    [columns, rows, setWidth],
  );
  return { widths, setWidth, fitWidth };
}

function fit(column: Column, rows: Rows, at: number, most?: number): number {
  return fitting(
    column,
    rows.map((row) => row[at] ?? null),
    most,
  );
}
