import {
  useVirtualizer,
  defaultRangeExtractor,
  type Range as VirtualRange,
  type VirtualItem,
} from "@tanstack/react-virtual";
import {
  lazy,
  Suspense,
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type RefObject,
} from "react";
import { loadPart } from "../../state/load-part.ts";
import { words } from "../../words/en.ts";
import { GridHead } from "./grid-head.tsx";
import type { GridProps } from "./grid-props.ts";
import { GridRow } from "./grid-row.tsx";
import css from "./grid.module.css";
import { atFirst, rangeOf, type Selection } from "./selection.ts";
import { useGridKeys } from "./use-grid-keys.ts";
import { useGridPointer } from "./use-grid-pointer.ts";
import { useWidths } from "./use-widths.ts";
import { keepWidth, widths as limits } from "./widths.ts";

const GridMenu = lazy(() => loadPart(() => import("./grid-menu.tsx")).then(({ GridMenu: it }) => ({ default: it })));

/** Pixels; the style sheet has the same. */
const rowHeight = 26;
const headHeight = 32;

/** Rows of a result: columns outside of the view are not rendered, keys move through cells, ranges are copied. */
export function Grid(props: GridProps) {
  const { name, columns, rows, firstNumber, times, sort, onSort, onDeep } = props;
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  const { widths, setWidth, fitWidth } = useWidths(columns, rows);
  const [selection, setSelection] = useState(atFirst);
  const [menu, setMenu] = useState<{ x: number; y: number }>();
  const { head } = selection;
  const active = Math.min(head.column, columns.length - 1);
  const virtual = useColumns(box, widths, active);
  const idOf = useCallback((row: number, column: number) => `${id}-${row}-${column}`, [id]);

  useShown(box, virtual, selection, rows.length, onDeep);
  const { sortBy, resize } = useHead(columns, onSort, setWidth);
  const keys = useGridKeys({ ...props, selection, setSelection, sortBy, openMenu: setMenu, box, idOf });
  const pointer = useGridPointer({ rows: rows.length, columns: columns.length, setSelection, openMenu: setMenu });
  const items = virtual.getVirtualItems();
  const width = virtual.getTotalSize();
  return (
    <>
      <div
        ref={box}
        role="grid"
        tabIndex={0}
        aria-label={words.grid.label(name)}
        aria-description={words.grid.help}
        aria-colcount={columns.length + 1}
        aria-rowcount={rows.length + 1}
        aria-multiselectable
        aria-activedescendant={rows.length === 0 && head.row >= 0 ? undefined : idOf(head.row, active)}
        className={css["grid"]}
        data-grid
        onKeyDown={keys.onKeyDown}
        onCopy={keys.onCopy}
        {...pointer}
      >
        <GridHead
          {...{ columns, items, width, sort, idOf }}
          active={head.row === -1 ? active : -1}
          canSort={onSort !== undefined}
          onSort={sortBy}
          onResize={resize}
          onFit={fitWidth}
        />
        <GridRows {...{ rows, columns, items, width, times, idOf, firstNumber, selection }} active={active} />
      </div>
      {menu !== undefined && (
        <Suspense fallback={null}>
          <GridMenu at={menu} onClose={() => setMenu(undefined)} onCopy={keys.copy} onView={keys.view} />
        </Suspense>
      )}
    </>
  );
}

/** What the heads of the columns do. */
function useHead(
  columns: GridProps["columns"],
  onSort: GridProps["onSort"],
  setWidth: (column: number, width: number) => number,
) {
  const sortBy = useCallback(
    (at: number) => {
      const column = columns[at];
      if (column !== undefined) onSort?.(column);
    },
    [columns, onSort],
  );
  const resize = useCallback(
    (at: number, width: number, isDone: boolean) => {
      const held = setWidth(at, width);
      if (isDone) keepWidth(columns[at]?.name ?? "", held);
    },
    [columns, setWidth],
  );
  return { sortBy, resize };
}

type RowsProps = Pick<GridProps, "rows" | "columns" | "times" | "firstNumber"> & {
  items: VirtualItem[];
  width: number;
  idOf: (row: number, column: number) => string;
  selection: Selection;
  active: number;
};

function GridRows({ rows, firstNumber, selection, active, ...rest }: RowsProps) {
  const range = rangeOf(selection);
  return rows.map((row, index) => {
    const isIn = range.top <= index && index <= range.bottom;
    return (
      <GridRow
        // oxlint-disable-next-line react/no-array-index-key -- a page's rows have no other name
        key={index}
        {...{ index, row, ...rest }}
        number={firstNumber + index}
        left={isIn ? range.left : 0}
        right={isIn ? range.right : -1}
        active={selection.head.row === index ? active : -1}
      />
    );
  });
}

/** Renders the columns in view, and the one the keys are at: a screen reader would lose it. */
function useColumns(box: RefObject<HTMLDivElement | null>, widths: readonly number[], active: number) {
  const virtual = useVirtualizer({
    horizontal: true,
    count: widths.length,
    getScrollElement: () => box.current,
    estimateSize: (index) => widths[index] ?? limits.least,
    overscan: 4,
    paddingStart: limits.number,
    scrollPaddingStart: limits.number,
    rangeExtractor: useCallback((range: VirtualRange) => withActive(range, active), [active]),
  });
  useLayoutEffect(() => virtual.measure(), [widths, virtual]);
  return virtual;
}

/** Scrolls to the cell that the keys have moved to. */
function useShown(
  box: RefObject<HTMLDivElement | null>,
  virtual: ReturnType<typeof useColumns>,
  { head }: Selection,
  rowCount: number,
  onDeep: (() => void) | undefined,
): void {
  useEffect(() => {
    virtual.scrollToIndex(head.column, { align: "auto" });
    if (box.current !== null && head.row >= 0) showRow(box.current, head.row);
    if (head.row * 2 > rowCount) onDeep?.();
    // oxlint-disable-next-line react/exhaustive-deps -- only a move of the keys scrolls
  }, [head]);
}

function withActive(range: VirtualRange, active: number): number[] {
  const indexes = defaultRangeExtractor(range);
  if (active < 0 || indexes.includes(active)) return indexes;
  return [...indexes, active].sort((one, other) => one - other);
}

/** Scrolls as far as needed for a row to be seen below the head. */
function showRow(box: HTMLElement, row: number): void {
  const top = row * rowHeight;
  const bottom = top + rowHeight;
  const seen = box.clientHeight - headHeight;
  if (top < box.scrollTop) box.scrollTop = top;
  else if (bottom > box.scrollTop + seen) box.scrollTop = bottom - seen;
}
