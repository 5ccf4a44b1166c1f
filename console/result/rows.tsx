import { useCallback } from "react";
import type { Column, ResultPage } from "#client/result-page.ts";
import { addWhere } from "../editor/add-where.ts";
import { fetchAhead, showPage } from "../run/pages.ts";
import { runAgain } from "../run/run-tab.ts";
import { Button } from "../parts/button.tsx";
import type { Asked } from "../state/job.ts";
import { openSheet, usePage } from "../state/state.ts";
import { activeTab } from "../state/tabs.ts";
import { words } from "../words/en.ts";
import { Grid } from "./grid/grid.tsx";
import { shown } from "./grid/show.ts";
import { RowsBar } from "./rows-bar.tsx";
import css from "./rows.module.css";

const firstPage: Asked = { page: 1 };

/** A page of rows with what can be done with it. */
export function Rows({ page }: { page: ResultPage }) {
  const tab = usePage(activeTab);
  const times = usePage(({ preferences }) => preferences.times);
  const { job } = tab;
  const asked = job?.asked ?? firstPage;
  const turn = useCallback(
    (by: 1 | -1) => {
      const to = asked.page + by;
      if (to >= 1 && to <= page.pages) void showPage(tab.id, { ...asked, page: to });
    },
    [tab.id, asked, page.pages],
  );
  const sort = useCallback(
    ({ name }: Column) => void showPage(tab.id, { ...nextSort(asked, name), page: 1 }),
    [tab.id, asked],
  );
  const ahead = useCallback(() => fetchAhead(tab.id), [tab.id]);
  const isEmpty = page.rows.length === 0;
  return (
    <>
      {/* Nothing to find or to turn. */}
      {!(isEmpty && asked.find === undefined) && (
        <RowsBar tabId={tab.id} page={page} asked={asked} refusal={job?.pageRefusal} onTurn={turn} onAhead={ahead} />
      )}
      {page.truncated && <Truncated page={page} />}
      <Grid
        name={tab.name}
        columns={page.columns}
        rows={page.rows}
        firstNumber={(page.page - 1) * page.pageSize + 1}
        times={times}
        sort={asked.sort === undefined ? undefined : { sort: asked.sort, desc: asked.desc === true }}
        onSort={page.source === "target" ? undefined : sort}
        onTurn={turn}
        onDeep={ahead}
        onView={(column, value) =>
          openSheet({ kind: "value", name: column.name, type: column.type, value: shown(value, column, times) })
        }
      />
      {isEmpty && (
        <p className={css["empty"]}>
          {asked.find === undefined ? words.result.noRows : words.result.noMatch(asked.find)}
        </p>
      )}
    </>
  );
}

/** Ascending, then descending, then the query's own order. */
function nextSort(
  { sort, desc, ...asked }: { page: number; sort?: string; desc?: boolean; find?: string },
  name: string,
) {
  if (sort !== name) return { ...asked, sort: name };
  return desc === true ? asked : { ...asked, sort: name, desc: true };
}

function Truncated({ page }: { page: ResultPage }) {
  const { result } = words;
  const request = usePage((state) => activeTab(state).job?.request);
  return (
    <div className={css["truncated"]} role="note">
      <span>{page.totalRows === undefined ? result.truncated : result.truncatedOf(page.totalRows)}</span>
      {page.totalRows === undefined && (
        <Button className={css["act"]} onPress={() => runAgain({ total: true })}>
          {result.countAll}
        </Button>
      )}
      {request !== undefined && (
        <Button className={css["act"]} onPress={() => addWhere(request)}>
          {result.addWhere}
        </Button>
      )}
      <Button className={css["act"]} onPress={() => openSheet({ kind: "target" })}>
        {result.intoTarget}
      </Button>
    </div>
  );
}
