import type { VirtualItem } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp, ArrowUpDown } from "lucide-react";
import { memo, type PointerEvent } from "react";
import type { Column } from "#client/result-page.ts";
import { words } from "../../words/en.ts";
import type { Sort } from "./grid-props.ts";
import css from "./grid.module.css";
import { isNumeric, typeWords } from "./show.ts";

type HeadProps = {
  columns: readonly Column[];
  items: readonly VirtualItem[];
  width: number;
  /** The column whose head the keys are at. */
  active: number;
  sort: Sort | undefined;
  canSort: boolean;
  idOf: (row: number, column: number) => string;
  onSort: (column: number) => void;
  onResize: (column: number, width: number, isDone: boolean) => void;
  onFit: (column: number) => void;
};

/** The names of the columns with their types; they stay at the top. */
export const GridHead = memo(function GridHead({ columns, items, width, ...rest }: HeadProps) {
  return (
    <div role="row" aria-rowindex={1} className={css["head"]} style={{ width }}>
      <div role="columnheader" aria-colindex={1} className={css["number"]} data-row={-2}>
        {words.grid.number}
      </div>
      {items.map((item) => {
        const column = columns[item.index];
        return column && <HeadCell key={item.index} column={column} item={item} {...rest} />;
      })}
    </div>
  );
});

type CellProps = Omit<HeadProps, "columns" | "items" | "width"> & { column: Column; item: VirtualItem };

function HeadCell({ column, item, active, sort, canSort, idOf, onSort, onResize, onFit }: CellProps) {
  const { index, start, size } = item;
  const sorted = sort?.sort === column.name ? (sort.desc ? "descending" : "ascending") : undefined;
  const { assumed, zones } = words.result;
  const more = [typeWords(column), column.zone && zones[column.zone], column.assumed && assumed].filter(Boolean);
  return (
    <div
      id={idOf(-1, index)}
      role="columnheader"
      aria-colindex={index + 2}
      aria-sort={sorted ?? "none"}
      title={`${column.name}: ${more.join(", ")}`}
      data-row={-1}
      data-column={index}
      data-active={index === active || undefined}
      className={[css["cell"], css["name"], isNumeric(column) && css["numeric"]].filter(Boolean).join(" ")}
      style={{ left: start, width: size }}
    >
      <span className={css["nameText"]}>{column.name}</span>
      <span className={css["type"]}>{typeWords(column)}</span>
      {canSort && (
        <button
          type="button"
          tabIndex={-1}
          data-sort
          aria-label={words.grid.sortBy(column.name)}
          className={[css["sort"], sorted && css["sorted"]].filter(Boolean).join(" ")}
          onClick={() => onSort(index)}
        >
          {sorted === undefined ? (
            <ArrowUpDown size={12} />
          ) : sort?.desc ? (
            <ArrowDown size={13} />
          ) : (
            <ArrowUp size={13} />
          )}
        </button>
      )}
      <span
        className={css["handle"]}
        data-handle
        onDoubleClick={() => onFit(index)}
        onPointerDown={(event) => followPointer(event, size, (to, isDone) => onResize(index, to, isDone))}
      />
    </div>
  );
}

/** Tells the width while the pointer moves, and once more when it is let go. */
function followPointer(event: PointerEvent, from: number, tell: (width: number, isDone: boolean) => void): void {
  event.preventDefault();
  event.stopPropagation();
  const { currentTarget, pointerId, clientX } = event;
  if (!(currentTarget instanceof HTMLElement)) return;
  currentTarget.setPointerCapture(pointerId);
  const move = (later: globalThis.PointerEvent) => tell(from + later.clientX - clientX, false);
  const end = (later: globalThis.PointerEvent) => {
    currentTarget.removeEventListener("pointermove", move);
    if (later.clientX !== clientX) tell(from + later.clientX - clientX, true);
  };
  currentTarget.addEventListener("pointermove", move);
  currentTarget.addEventListener("pointerup", end, { once: true });
}
