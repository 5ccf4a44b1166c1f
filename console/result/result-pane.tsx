import { usePage } from "../state/state.ts";
import { activeTab } from "../state/tabs.ts";
import { words } from "../words/en.ts";
import { Columns } from "./columns.tsx";
import { ResultBar } from "./result-bar.tsx";
import css from "./result-pane.module.css";
import { resultState, type ResultState } from "./result-state.ts";
import { Rows } from "./rows.tsx";
import { Discarded, Expired, Refused, Stopped, Unknown } from "./states/ended.tsx";
import { Ended, Failed, Rejected } from "./states/failed.tsx";
import { IntoTarget } from "./states/into-target.tsx";
import { Nothing } from "./states/nothing.tsx";
import { Progress } from "./states/progress.tsx";
import { Timeline } from "./timeline.tsx";

/** What came of the tab's last run. */
export function ResultPane() {
  const tab = usePage(activeTab);
  const state = resultState(tab.job);
  return (
    <section className={css["pane"]} aria-label={words.panes.result} data-pane="result">
      <ResultBar tab={tab} state={state} />
      <div className={css["body"]} key={tab.id}>
        <Body state={state} view={tab.view} />
      </div>
    </section>
  );
}

function Body({ state, view }: { state: ResultState; view: "rows" | "columns" | "timeline" }) {
  if ("run" in state && view === "timeline") return <Timeline run={state.run} />;
  if ("run" in state && view === "columns" && state.run.columns !== undefined)
    return <Columns columns={state.run.columns} />;
  switch (state.kind) {
    case "nothing":
      return <Nothing />;
    case "sending":
    case "waiting":
    case "running":
    case "loading":
      return <Progress state={state} />;
    case "rows":
      return <Rows page={state.page} />;
    case "into-target":
      return <IntoTarget run={state.run} />;
    case "failed":
      return state.run.error === undefined ? <Ended /> : <Failed error={state.run.error} />;
    case "unknown":
      return <Unknown run={state.run} />;
    case "stopped":
      return <Stopped run={state.run} />;
    case "rejected":
      return <Rejected diagnostics={state.refusal.diagnostics ?? []} />;
    case "discarded":
      return <Discarded />;
    case "expired":
      return <Expired expiresAt={state.expiresAt} />;
    case "refused":
      return <Refused refusal={state.refusal} />;
  }
}
