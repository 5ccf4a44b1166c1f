import type { RunState } from "#client/run-state.ts";
import { words } from "../words/en.ts";
import css from "./table.module.css";
import { clockTime, spanWords } from "./times.ts";

const parts = ["queuedMs", "preparingMs", "executingMs", "confirmingMs"] as const;

/** How long the parts of a run took. */
export function Timeline({ run }: { run: RunState }) {
  const { timeline, noTimeline, started } = words.result;
  const timings = run.timings ?? {};
  const total = timings.totalMs ?? 0;
  if (parts.every((part) => timings[part] === undefined)) return <p className={css["box"]}>{noTimeline}</p>;
  return (
    <div className={css["box"]}>
      <p className={css["dim"]}>{started(clockTime(run.createdAt, Date.now()))}</p>
      <dl className={css["timeline"]}>
        {parts.map((part) => (
          <div key={part} className={css["part"]}>
            <dt>{timeline[part]}</dt>
            <dd>
              <span
                className={css["length"]}
                style={{ width: `${total === 0 ? 0 : ((timings[part] ?? 0) / total) * 100}%` }}
              />
              <span>{timings[part] === undefined ? "–" : spanWords(timings[part])}</span>
            </dd>
          </div>
        ))}
        <div className={css["part"]}>
          <dt>{timeline.totalMs}</dt>
          <dd>{spanWords(total)}</dd>
        </div>
      </dl>
    </div>
  );
}
