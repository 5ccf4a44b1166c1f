import { useEffect, useState } from "react";
import { usePage } from "../../state/state.ts";
import { activeTab } from "../../state/tabs.ts";
import { words } from "../../words/en.ts";
import type { ResultState } from "../result-state.ts";
import css from "./states.module.css";

/** After this a run takes long enough to say what may be done meanwhile. */
const patienceMs = 20_000;

/** While a run is on its way: what happens now, and what to expect. No bar: nobody knows how long it takes. */
export function Progress({
  state,
}: {
  state: Extract<ResultState, { kind: "sending" | "waiting" | "running" | "loading" }>;
}) {
  const sentAt = usePage((page) => activeTab(page).job?.sentAt ?? 0);
  const now = useSeconds();
  const { result } = words;
  const isLong = state.kind === "running" && now - sentAt > patienceMs;
  return (
    <div className={css["middle"]}>
      <span className={css["pulse"]} aria-hidden />
      <p>{sentence(state, now)}</p>
      {state.kind === "waiting" && <p className={css["dim"]}>{result.queuedDetail}</p>}
      {isLong && <p className={css["dim"]}>{result.patience}</p>}
    </div>
  );
}

function sentence(state: Parameters<typeof Progress>[0]["state"], now: number): string {
  const { result } = words;
  switch (state.kind) {
    case "sending": {
      const leftMs = (state.busyUntil ?? 0) - now;
      return leftMs > 0 ? result.busy(Math.ceil(leftMs / 1000)) : result.sending;
    }
    case "waiting":
      return result.queued(state.run.queuePosition);
    case "running":
      return state.run.phase === undefined ? result.running : result.phases[state.run.phase];
    case "loading":
      return result.loadingRows;
  }
}

function useSeconds(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
