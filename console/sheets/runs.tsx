import type { RunState } from "#client/run-state.ts";
import { engine } from "../engine/engine.ts";
import { Button } from "../parts/button.tsx";
import { SheetFrame } from "../parts/sheet-frame.tsx";
import { clockTime, spanWords } from "../result/times.ts";
import { openRun } from "../run/start.ts";
import { change, store } from "../state/state.ts";
import { activate, openTab } from "../state/tabs.ts";
import { words } from "../words/en.ts";
import css from "./sheets.module.css";
import { useAsked } from "./use-asked.ts";

/** What somebody ran lately. Nobody keeps what was asked. */
export function Runs() {
  const { runs } = words.sheets;
  const asked = useAsked("runs", (signal) => engine().runs({ limit: 50, signal }));
  const list = asked?.value?.runs ?? [];
  return (
    <SheetFrame title={runs.title} size="large">
      <p className={css["dim"]}>{runs.detail}</p>
      {asked === undefined && <p role="status">{runs.loading}</p>}
      {asked?.refusal !== undefined && <p role="alert">{asked.refusal}</p>}
      {asked?.value !== undefined && list.length === 0 && <p>{runs.none}</p>}
      {list.length > 0 && (
        <table className={[css["table"], css["runs"]].join(" ")}>
          <tbody>
            {list.map((run) => (
              <Line key={run.id} run={run} />
            ))}
          </tbody>
        </table>
      )}
    </SheetFrame>
  );
}

function Line({ run }: { run: RunState }) {
  const { runs } = words.sheets;
  const now = Date.now();
  const isLiving = run.expiresAt === undefined || Date.parse(run.expiresAt) > now;
  const look = run.status === "ready" ? css["good"] : run.status === "failed" ? css["bad"] : css["dim"];
  return (
    <tr>
      <td className={look}>{runs.statuses[run.status]}</td>
      <td>{run.snippetName}</td>
      <td>{run.rowCount === undefined ? "" : words.rows(run.rowCount)}</td>
      <td>{run.timings?.totalMs === undefined ? "" : spanWords(run.timings.totalMs)}</td>
      <td className={css["dim"]}>{clockTime(run.createdAt, now)}</td>
      <td>
        {isLiving ? (
          <Button onPress={() => open(run)}>{runs.open}</Button>
        ) : (
          <span className={css["dim"]}>{runs.gone}</span>
        )}
      </td>
    </tr>
  );
}

function open(run: RunState): void {
  const known = store.get().tabs.find(({ job }) => job?.run?.id === run.id);
  if (known === undefined)
    void openRun(openTab(run.snippetName === undefined ? {} : { name: run.snippetName }), run.id);
  else activate(known.id);
  change({ sheet: undefined, pane: "result" });
}
