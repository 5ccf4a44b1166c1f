import { useEffect, useState } from "react";
import { usePage } from "../../state/state.ts";
import { activeTab } from "../../state/tabs.ts";
import { words } from "../../words/en.ts";
import type { ResultState } from "../result-state.ts";
import { Phases } from "./phases.tsx";
import css from "./states.module.css";

/** After this a run takes long enough to say what may be done meanwhile. */
const patienceMs = 20_000;

type OnItsWay = Extract<ResultState, { kind: "sending" | "waiting" | "running" | "loading" }>;

/** While a run is on its way: what happens now, and what to expect. No bar: nobody knows how long it takes. */
export function Progress({ state }: { state: OnItsWay }) {
  const sentAt = usePage((page) => activeTab(page).job?.sentAt ?? 0);
  const now = useSeconds();
  const isLong = state.kind === "running" && now - sentAt > patienceMs;
  const detail = isLong ? words.result.patience : detailOf(state);
  return (
    <div className={css["middle"]}>
      <span className={css["pulse"]} aria-hidden />
      {state.kind === "running" ? <Phases phase={state.run.phase} /> : <p>{sentence(state, now)}</p>}
      {detail !== undefined && <p className={css["dim"]}>{detail}</p>}
    </div>
  );
}

function sentence(state: Exclude<OnItsWay, { kind: "running" }>, now: number): string {
  const { result } = words;
  switch (state.kind) {
    case "sending": {
      if (state.retry === undefined) return result.sending;
      if (!state.retry.isBusy) return result.unanswered;
      return result.busy(Math.max(1, Math.round((state.retry.until - now) / 1000)));
    }
    case "waiting":
      return result.queued(state.run.queuePosition);
    case "loading":
      return result.loadingRows;
  }
}

function detailOf(state: OnItsWay): string | undefined {
  if (state.kind === "waiting") return words.result.queuedDetail;
  return state.kind === "sending" && state.retry?.isBusy === true ? state.retry.detail : undefined;
}

function useSeconds(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
