import { ChevronDown, Ellipsis, Play, Square, TextQuote } from "lucide-react";
import button from "../parts/button.module.css";
import { Button } from "../parts/button.tsx";
import { MenuButton } from "../parts/menu.tsx";
import { formatText } from "../editor/format.ts";
import { FindingsButton } from "../editor/remarks/findings-button.tsx";
import { isLive } from "../state/job.ts";
import { openSheet, usePage } from "../state/state.ts";
import { activeTab } from "../state/tabs.ts";
import { words } from "../words/en.ts";
import { discardRows, stopRun } from "./end.ts";
import css from "./run-bar.module.css";
import { runTab } from "./run-tab.ts";

/** What to do with the query: run, stop, format, and what is known of it. */
export function RunBar() {
  const tab = usePage(activeTab);
  const live = tab.job !== undefined && isLive(tab.job);
  return (
    <div className={css["bar"]} role="toolbar" aria-label={words.run}>
      <span className={css["split"]}>
        <Button look="primary" onPress={() => runTab()}>
          <Play size={14} fill="currentColor" aria-hidden />
          {tab.hasSelection ? words.runSelection : words.run}
          <span className={css["keys"]} aria-hidden>
            Ctrl ↵
          </span>
        </Button>
        <MenuButton
          label={words.runMore}
          className={[button["button"], button["primary"], css["more"]].join(" ")}
          choices={[
            { id: "into", label: words.runInto, keys: "Ctrl+Shift+↵", onChoose: () => openSheet({ kind: "target" }) },
            { id: "count", label: words.runCounted, onChoose: () => runTab({ total: true }) },
          ]}
        >
          <ChevronDown size={15} aria-hidden />
        </MenuButton>
      </span>
      <Button isDisabled={!live || tab.job?.isStopping === true} onPress={() => void stopRun(tab.id)}>
        <Square size={12} fill="currentColor" aria-hidden />
        {tab.job?.isStopping === true ? words.stopping : words.stop}
      </Button>
      <Button look="quiet" className={css["format"]} onPress={() => void formatText()}>
        <TextQuote size={15} aria-hidden />
        {words.format}
      </Button>
      <MenuButton
        label={words.more}
        className={button["icon"]}
        choices={[
          { id: "texts", label: words.whatRuns, onChoose: () => openSheet({ kind: "texts" }) },
          { id: "activity", label: words.openActivity, onChoose: () => openSheet({ kind: "query-activities" }) },
          { id: "snippets", label: words.snippets, onChoose: () => openSheet({ kind: "snippets" }) },
          "line",
          {
            id: "discard",
            label: words.discard,
            isOff: tab.job?.page === undefined,
            onChoose: () => void discardRows(tab.id),
          },
        ]}
      >
        <Ellipsis size={17} aria-hidden />
      </MenuButton>
      <span className={css["gap"]} />
      <FindingsButton findings={tab.findings} isEmpty={tab.sql.trim() === ""} />
    </div>
  );
}
