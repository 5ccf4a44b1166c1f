import type { Diagnostic } from "#client/check-types.ts";
import type { RunFailure, RunState } from "#client/run-state.ts";
import { goTo } from "../../editor/current-editor.ts";
import { makeFixes } from "../../editor/remarks/remark-keys.ts";
import { Button } from "../../parts/button.tsx";
import { runAgain } from "../../run/run-tab.ts";
import type { Refusal } from "../../state/job.ts";
import { openSheet, usePage } from "../../state/state.ts";
import { activeTab } from "../../state/tabs.ts";
import { words } from "../../words/en.ts";
import { sentence } from "../../words/sentence.ts";
import { clockTime } from "../times.ts";
import { Card } from "./card.tsx";
import css from "./states.module.css";

const { result } = words;

function RunAgain() {
  const canRun = usePage((state) => activeTab(state).sql.trim() !== "");
  return canRun && <Button onPress={() => runAgain()}>{result.runAgain}</Button>;
}

/** A run that failed, without a reason: a later version's may have none that this one knows. */
export function Ended() {
  return <Card look="bad" title={result.failed} foot={<RunAgain />} />;
}

/** A run that failed: what happened, what to do, and Marketing Cloud's words for who wants them. */
export function Failed({ error: { code, title, detail, fix, mce } }: { error: RunFailure }) {
  const place = usePage((state) => activeTab(state).job?.failure?.remark);
  return (
    <Card look="bad" title={title} code={code} foot={<RunAgain />}>
      <p>
        {place !== undefined && (
          <button type="button" className={css["place"]} onClick={() => goTo(place.line, place.column)}>
            {result.line(place.line)}
          </button>
        )}{" "}
        {detail}
      </p>
      {fix !== undefined && (
        <p>
          <strong>{result.whatToDo}:</strong> {fix}
        </p>
      )}
      {mce !== undefined && (
        <details>
          <summary>{result.mceSaid}</summary>
          <pre className={css["words"]}>{mce}</pre>
        </details>
      )}
    </Card>
  );
}

/** Nobody knows whether rows were written: whoever runs it again may write them twice. */
export function Unknown({ run }: { run: RunState }) {
  const { error, target } = run;
  return (
    <Card
      look="warn"
      title={error?.title ?? result.unknown}
      code={error?.code}
      foot={
        target !== undefined && (
          <Button onPress={() => openSheet({ kind: "preview", table: target.customerKey })}>{result.showTarget}</Button>
        )
      }
    >
      <p>{error?.detail}</p>
      <p>{error?.fix ?? result.unknownDetail}</p>
    </Card>
  );
}

/** A run that somebody stopped. */
export function Stopped({ run }: { run: RunState }) {
  return (
    <Card look="dim" title={result.stopped} foot={<RunAgain />}>
      <p>{run.target === undefined ? result.stoppedDetail : result.stoppedInto(run.target.customerKey)}</p>
    </Card>
  );
}

/** A query that was not run, because it would fail: each error is a link to its place. */
export function Rejected({ diagnostics }: { diagnostics: readonly Diagnostic[] }) {
  const request = usePage((state) => activeTab(state).job?.request);
  const isUnchanged = usePage((state) => activeTab(state).sql === request?.sql);
  const fixable = diagnostics.filter(({ edits }) => edits !== undefined);
  const { line: firstLine = 0, column: firstColumn = 0 } = request ?? {};
  return (
    <Card
      look="bad"
      title={result.rejected(diagnostics.filter(({ severity = "error" }) => severity === "error").length)}
      foot={
        fixable.length > 0 &&
        isUnchanged && (
          <Button look="primary" onPress={() => makeFixes(fixable)}>
            {fixable.length === 1 ? (fixable[0]?.fix ?? result.fix) : result.fixAll}
          </Button>
        )
      }
    >
      <ul className={css["remarks"]}>
        {diagnostics.map(({ code, message, fix, severity = "error", line, column }) => (
          <li key={`${code}:${line}:${column}`} data-severity={severity}>
            <button
              type="button"
              className={css["place"]}
              onClick={() => goTo(line + firstLine, column + (line === 1 ? firstColumn : 0))}
            >
              {result.line(line + firstLine)}
            </button>
            <span>
              {sentence(message)}
              {fix !== undefined && <span className={css["dim"]}> {fix}</span>}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** A result that has ended. */
export function Expired({ expiresAt }: { expiresAt: string | undefined }) {
  const time = expiresAt === undefined ? undefined : clockTime(expiresAt, Date.now());
  return <Card look="dim" title={result.expired(time)} foot={<RunAgain />} />;
}

/** A call that the engine refused, or did not answer. */
export function Refused({ refusal: { code, status, detail } }: { refusal: Refusal }) {
  const title = status === 0 ? result.unreachable : code === "RUN_NOT_FOUND" ? result.gone : result.refused;
  return (
    <Card look="bad" title={title} code={code} foot={<RunAgain />}>
      <p>{detail}</p>
    </Card>
  );
}
