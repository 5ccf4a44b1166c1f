import { ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";
import { engine } from "../engine/engine.ts";
import { IconButton } from "../parts/button.tsx";
import { SheetFrame } from "../parts/sheet-frame.tsx";
import { Grid } from "../result/grid/grid.tsx";
import { usePage } from "../state/state.ts";
import { words } from "../words/en.ts";
import css from "./sheets.module.css";
import { useAsked } from "./use-asked.ts";

/** The rows of a table without a query: one call to Marketing Cloud for each page. */
export function Preview({ table }: { table: string }) {
  const [page, setPage] = useState(1);
  const asked = useAsked(`${table}:${page}`, (signal) => engine().preview(table, page, { signal }));
  const times = usePage(({ preferences }) => preferences.times);
  const { preview } = words.sheets;
  const pages = asked?.value?.pages ?? page;
  const turn = (by: 1 | -1) => setPage((now) => Math.max(1, Math.min(pages, now + by)));
  return (
    <SheetFrame title={preview.title(table)} size="large">
      <div className={css["grid"]}>
        {asked?.value === undefined ? (
          <p className={css["dim"]} role="status">
            {asked?.refusal ?? preview.loading}
          </p>
        ) : (
          <Grid
            name={table}
            columns={asked.value.columns}
            rows={asked.value.rows}
            firstNumber={(asked.value.page - 1) * asked.value.pageSize + 1}
            times={times}
            onTurn={turn}
            // A second sheet would close this one; the value is in the cell's tip and can be copied.
            onView={() => undefined}
          />
        )}
      </div>
      <div className={css["pager"]}>
        {asked?.value !== undefined && (
          <span className={css["dim"]}>{asked.value.totalRows !== undefined && words.rows(asked.value.totalRows)}</span>
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
