import { ChevronLeft, ChevronRight } from "lucide-react";
import { useRef, useState, type KeyboardEvent } from "react";
import type { Cell, Column } from "#client/result-page.ts";
import { engine } from "../engine/engine.ts";
import { Button, IconButton } from "../parts/button.tsx";
import { SheetFrame } from "../parts/sheet-frame.tsx";
import { Grid } from "../result/grid/grid.tsx";
import { shown } from "../result/grid/show.ts";
import { usePage } from "../state/state.ts";
import { words } from "../words/en.ts";
import css from "./sheets.module.css";
import { useAsked } from "./use-asked.ts";
import { CopyValue, ValueText, type Viewed } from "./value-text.tsx";

/** The rows of a table without a query: one call to Marketing Cloud for each page. */
export function Preview({ table }: { table: string }) {
  const [page, setPage] = useState(1);
  const box = useRef<HTMLDivElement>(null);
  const [viewed, setViewed] = useState<Viewed>();
  const asked = useAsked(`${table}:${page}`, (signal) => engine().preview(table, page, { signal }));
  const times = usePage(({ preferences }) => preferences.times);
  const { preview } = words.sheets;
  const known = asked?.value;
  const pages = known?.pages ?? page;
  const turn = (by: 1 | -1) => {
    setPage((now) => Math.max(1, Math.min(pages, now + by)));
    setViewed(undefined);
  };
  const close = () => {
    setViewed(undefined);
    box.current?.querySelector<HTMLElement>("[data-grid]")?.focus();
  };
  const view = (column: Column, value: Cell) =>
    setViewed({ name: column.name, type: column.type, value: shown(value, column, times) });
  return (
    <SheetFrame title={preview.title(table)} size="large">
      <div className={css["grid"]} ref={box}>
        {known === undefined ? (
          <p className={css["dim"]} role="status">
            {asked?.refusal ?? preview.loading}
          </p>
        ) : (
          <Grid
            name={table}
            columns={known.columns}
            rows={known.rows}
            firstNumber={(known.page - 1) * known.pageSize + 1}
            times={times}
            onTurn={turn}
            onView={view}
          />
        )}
      </div>
      {viewed !== undefined && <ValueHere viewed={viewed} onClose={close} />}
      <div className={css["pager"]}>
        {known !== undefined && (
          <span className={css["dim"]}>{known.totalRows !== undefined && words.rows(known.totalRows)}</span>
        )}
        <IconButton
          label={words.grid.previous}
          icon={<ChevronLeft size={16} />}
          isDisabled={page <= 1}
          onPress={() => turn(-1)}
        />
        {words.grid.pageOf(page, pages)}
        <IconButton
          label={words.grid.next}
          icon={<ChevronRight size={16} />}
          isDisabled={page >= pages}
          onPress={() => turn(1)}
        />
      </div>
    </SheetFrame>
  );
}

/** A whole value below the rows: a second sheet would close this one. Escape closes the value first. */
function ValueHere({ viewed, onClose }: { viewed: Viewed; onClose: () => void }) {
  const title = words.sheets.value.title(viewed.name);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    onClose();
  };
  return (
    <section className={css["block"]} aria-label={title} onKeyDown={onKeyDown}>
      <h3>{title}</h3>
      <ValueText type={viewed.type} value={viewed.value} />
      <span className={css["buttons"]}>
        <CopyValue value={viewed.value} />
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- it was asked for by a key, which goes back with it */}
        <Button autoFocus onPress={onClose}>
          {words.sheets.value.close}
        </Button>
      </span>
    </section>
  );
}
