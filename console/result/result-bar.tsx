import { CheckCircle2, CircleAlert, LoaderCircle, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { RunState } from "#client/run-state.ts";
import { PopButton } from "../parts/menu.tsx";
import { isLive } from "../state/job.ts";
import { changeTab } from "../state/tabs.ts";
import type { ResultView, Tab } from "../state/tab.ts";
import { words } from "../words/en.ts";
import { Clock } from "./clock.tsx";
import css from "./result-pane.module.css";
import type { ResultState } from "./result-state.ts";
import { clockTime } from "./times.ts";

const { result } = words;
type Look = "good" | "bad" | "warn" | "live" | "dim";

/** The state of a run in one line: what, how long, how many, and until when. */
export function ResultBar({ tab, state }: { tab: Tab; state: ResultState }) {
  const { job } = tab;
  const [look, text] = statusOf(state);
  const run = "run" in state ? state.run : undefined;
  return (
    <header className={css["bar"]}>
      <span className={css["status"]} data-look={look} role="status">
        {iconOf(look)}
        <span>{text}</span>
        {job !== undefined && state.kind !== "rejected" && <Clock job={job} />}
      </span>
      <LinkState tab={tab} />
      {run !== undefined && <Facts run={run} state={state} />}
      <span className={css["gap"]} />
      {run?.notes !== undefined && run.notes.length > 0 && <Notes notes={run.notes} />}
      {run !== undefined && run.status === "ready" && <Views tab={tab} hasColumns={run.columns !== undefined} />}
    </header>
  );
}

function statusOf(state: ResultState): [Look, string] {
  switch (state.kind) {
    case "nothing":
      return ["dim", words.panes.result];
    case "sending":
      return ["live", state.retry === undefined ? result.sending : result.notSent];
    case "waiting":
      return ["live", result.queued(state.run.queuePosition)];
    case "running":
      return ["live", state.run.phase === undefined ? result.running : result.phases[state.run.phase]];
    case "loading":
      return ["live", result.loadingRows];
    case "rows":
    case "into-target":
      return ["good", result.done];
    case "failed":
      return ["bad", result.failed];
    case "refused":
      return ["bad", result.refusedShort];
    case "rejected":
      return ["bad", result.rejected(errorsIn(state.refusal.diagnostics))];
    case "unknown":
      return ["warn", result.unknown];
    case "stopped":
      return ["dim", result.stopped];
    case "discarded":
      return ["dim", result.discardedShort];
    case "expired":
      return ["dim", result.expiredShort];
  }
}

function errorsIn(diagnostics: readonly { severity?: string }[] = []): number {
  return diagnostics.filter(({ severity = "error" }) => severity === "error").length;
}

function iconOf(look: Look): ReactNode {
  const size = { size: 16, "aria-hidden": true } as const;
  switch (look) {
    case "good":
      return <CheckCircle2 {...size} />;
    case "bad":
      return <CircleAlert {...size} />;
    case "warn":
      return <TriangleAlert {...size} />;
    case "live":
      return <LoaderCircle {...size} className={css["spin"]} />;
    case "dim":
      return null;
  }
}

function LinkState({ tab: { job } }: { tab: Tab }) {
  if (job === undefined || !isLive(job) || job.link === undefined || job.link === "live") return null;
  const text = job.link === "reconnecting" ? result.reconnecting : result.polling;
  return <span className={css["link"]}>● {text}</span>;
}

function Facts({ run, state }: { run: RunState; state: ResultState }) {
  if (run.status !== "ready" || state.kind !== "rows") return null;
  const { page } = state;
  const count = run.truncated ? page.accessibleRows : (run.rowCount ?? page.accessibleRows);
  return (
    <>
      <span className={css["facts"]}>{result.rowsIn(words.rows(count), page.columns.length)}</span>
      {run.expiresAt !== undefined && (
        <span className={css["facts"]} data-more>
          {result.until(clockTime(run.expiresAt, Date.now()))}
        </span>
      )}
    </>
  );
}

function Notes({ notes }: { notes: readonly string[] }) {
  return (
    <PopButton
      className={css["notes"]}
      title={result.notes(notes.length)}
      content={() => (
        <div className={css["noteList"]}>
          {notes.map((note) => (
            <p key={note}>{note}</p>
          ))}
        </div>
      )}
    >
      {result.notes(notes.length)}
    </PopButton>
  );
}

function Views({ tab, hasColumns }: { tab: Tab; hasColumns: boolean }) {
  const views: readonly ResultView[] = hasColumns ? ["rows", "columns", "timeline"] : ["rows", "timeline"];
  return (
    <div role="group" aria-label={result.viewsLabel} className={css["views"]}>
      {views.map((view) => (
        <button
          key={view}
          type="button"
          aria-pressed={tab.view === view}
          className={css["view"]}
          onClick={() => changeTab(tab.id, { view })}
        >
          {result.views[view]}
        </button>
      ))}
    </div>
  );
}
