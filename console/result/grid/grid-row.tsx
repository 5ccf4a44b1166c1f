import type { VirtualItem } from "@tanstack/react-virtual";
import { memo } from "react";
import type { Cell, Column } from "#client/result-page.ts";
import type { Preferences } from "../../state/preferences.ts";
import css from "./grid.module.css";
import { isNumeric, shown } from "./show.ts";

type RowProps = {
  /** Of the page, from 0. */
  index: number;
  /** Of the result, from 1. */
  number: number;
  row: readonly Cell[];
  columns: readonly Column[];
  items: readonly VirtualItem[];
  width: number;
  /** The columns of this row that are selected. */
  left: number;
  right: number;
  /** The column of the cell that the keys are at, if it is in this row. */
  active: number;
  times: Preferences["times"];
  idOf: (row: number, column: number) => string;
};

/** One row of the grid. It renders again only when something in it has changed. */
export const GridRow = memo(function GridRow(props: RowProps) {
  const { index, number, row, columns, items, width, left, right, active, times, idOf } = props;
  return (
    <div role="row" aria-rowindex={index + 2} className={css["row"]} style={{ width }}>
      <div role="rowheader" aria-colindex={1} className={css["number"]} data-row={index}>
        {number}
      </div>
      {items.map(({ index: at, start, size }) => {
        const column = columns[at];
        if (column === undefined) return null;
        const value = row[at] ?? null;
        const look = [css["cell"], isNumeric(column) && css["numeric"], value === null && css["null"]];
        return (
          <div
            key={at}
            id={idOf(index, at)}
            role="gridcell"
            aria-colindex={at + 2}
            aria-selected={left <= at && at <= right}
            data-row={index}
            data-column={at}
            data-active={at === active || undefined}
            className={look.filter(Boolean).join(" ")}
            style={{ left: start, width: size }}
          >
            {shown(value, column, times)}
          </div>
        );
      })}
    </div>
  );
});
