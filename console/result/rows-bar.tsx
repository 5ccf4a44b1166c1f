import { ChevronLeft, ChevronRight } from "lucide-react";
import { useEffect, useState } from "react";
import type { ResultPage } from "#client/result-page.ts";
import { IconButton } from "../parts/button.tsx";
import { SearchField } from "../parts/search-field.tsx";
import { showPage } from "../run/pages.ts";
import { keepPreferences, type Preferences } from "../state/preferences.ts";
import type { Asked, Refusal } from "../state/job.ts";
import { change, store, usePage } from "../state/state.ts";
import { activeTab } from "../state/tabs.ts";
import { words } from "../words/en.ts";
import css from "./rows.module.css";

const { grid } = words;
/** Somebody who types a text to find is not done after each letter. */
const findRestMs = 350;

type BarProps = {
  tabId: string;
  page: ResultPage;
  asked: Asked;
  refusal: Refusal | undefined;
  onTurn: (by: 1 | -1) => void;
  onAhead: () => void;
};

/** What stands above the rows: find, order, times, pages. */
export function RowsBar({ tabId, page, asked, refusal, onTurn, onAhead }: BarProps) {
  const sorted =
    asked.sort === undefined
      ? undefined
      : grid.sortedBy(asked.sort, asked.desc === true ? grid.descending : grid.ascending);
  const order = usePage((state) => orderOf(activeTab(state).job?.request?.sql));
  return (
    <div className={css["bar"]}>
      {page.source !== "target" && <Find tabId={tabId} asked={asked} />}
      <span className={css["order"]} data-bad={refusal !== undefined || undefined}>
        {refusal?.detail ?? sorted ?? order}
      </span>
      {sorted !== undefined && (
        <button
          type="button"
          className={css["link"]}
          onClick={() => void showPage(tabId, { page: 1, ...(asked.find !== undefined && { find: asked.find }) })}
        >
          {grid.queryOrder}
        </button>
      )}
      <span className={css["gap"]} />
      {page.columns.some(({ zone }) => zone !== undefined) && <Times />}
      {page.pages > 1 && (
        <nav className={css["pager"]} aria-label={grid.pages} onPointerEnter={onAhead}>
          <IconButton
            label={grid.previous}
            icon={<ChevronLeft size={16} />}
            isDisabled={asked.page <= 1}
            onPress={() => onTurn(-1)}
          />
          <span aria-live="polite">{grid.pageOf(asked.page, page.pages)}</span>
          <IconButton
            label={grid.next}
            icon={<ChevronRight size={16} />}
            isDisabled={asked.page >= page.pages}
            onPress={() => onTurn(1)}
          />
        </nav>
      )}
    </div>
  );
}

/** Whose order the rows have; nothing for a run whose text is not here. */
function orderOf(sql: string | undefined): string | undefined {
  if (sql === undefined) return undefined;
  return /\border\s+by\b/i.test(sql) ? grid.orderOfQuery : grid.orderOfNobody;
}

function Find({ tabId, asked }: { tabId: string; asked: Asked }) {
  const [text, setText] = useState(asked.find ?? "");
  useEffect(() => {
    if (text === (asked.find ?? "")) return undefined;
    const timer = setTimeout(() => {
      const { find: _, ...others } = asked;
      void showPage(tabId, { ...others, page: 1, ...(text !== "" && { find: text }) });
    }, findRestMs);
    return () => clearTimeout(timer);
  }, [text, asked, tabId]);
  return (
    <div className={css["find"]}>
      <SearchField label={grid.find} clearLabel={grid.clearFind} value={text} onChange={setText} />
    </div>
  );
}

function Times() {
  const times = usePage(({ preferences }) => preferences.times);
  const set = (next: string) => {
    // The options below are the only ones.
    const preferences = { ...store.get().preferences, times: next as Preferences["times"] };
    change({ preferences });
    keepPreferences(preferences);
  };
  return (
    <select
      className={css["times"]}
      aria-label={grid.timesLabel}
      value={times}
      onChange={(event) => set(event.target.value)}
    >
      {Object.entries(grid.times).map(([id, label]) => (
        <option key={id} value={id}>
          {label}
        </option>
      ))}
    </select>
  );
}
