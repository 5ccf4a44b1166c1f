import type { Diagnostic } from "#client/check-types.ts";
import type { RunFailure } from "#client/run-state.ts";
import { goTo } from "../../editor/current-editor.ts";
import { usePage } from "../../state/state.ts";
import { activeTab } from "../../state/tabs.ts";
import { words } from "../../words/en.ts";
import { Card } from "./card.tsx";
import { placesIn } from "./places-in.ts";
import { FixAll, Places } from "./places.tsx";
import { RunAgain } from "./run-again.tsx";
import css from "./states.module.css";

const { result } = words;

/** A run that failed, without a reason: a later version's may have none that this one knows. */
export function Ended() {
  return <Card look="bad" title={result.failed} foot={<RunAgain />} />;
}

/** A run that failed: what happened and where, what to do, and Marketing Cloud's words for who wants them. */
export function Failed({ error: { code, title, detail, fix, mce } }: { error: RunFailure }) {
  const sql = usePage((state) => activeTab(state).job?.request?.sql);
  const findings = usePage((state) => activeTab(state).findings);
  const found = usePage((state) => activeTab(state).job?.failure?.remark);
  const places = placesIn(detail);
  const foot = (
    <>
      {places !== undefined && findings?.sql === sql && <FixAll sql={sql} diagnostics={findings?.diagnostics ?? []} />}
      <RunAgain />
    </>
  );
  return (
    <Card look="bad" title={title} code={code} foot={foot}>
      {places === undefined ? (
        <p className={css["detail"]}>
          {found !== undefined && (
            <button type="button" className={css["place"]} onClick={() => goTo(found.line, found.column)}>
              {result.line(found.line)}
            </button>
          )}{" "}
          {detail}
        </p>
      ) : (
        <Places places={places} />
      )}
      {/* It is about the first place. */}
      {fix !== undefined && (places?.length ?? 1) === 1 && (
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

/** A query that was not run, because it would fail. */
export function Rejected({ diagnostics }: { diagnostics: readonly Diagnostic[] }) {
  const sql = usePage((state) => activeTab(state).job?.request?.sql);
  return (
    <Card look="bad" title={result.rejectedTitle} foot={<FixAll sql={sql} diagnostics={diagnostics} />}>
      <Places places={diagnostics} />
    </Card>
  );
}
