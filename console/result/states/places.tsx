import type { Diagnostic } from "#client/check-types.ts";
import { goTo } from "../../editor/current-editor.ts";
import { makeFixes } from "../../editor/remarks/remark-keys.ts";
import { Button } from "../../parts/button.tsx";
import { usePage } from "../../state/state.ts";
import { activeTab } from "../../state/tabs.ts";
import { words } from "../../words/en.ts";
import { sentence } from "../../words/sentence.ts";
import type { Place } from "./places-in.ts";
import css from "./states.module.css";

const { result } = words;

/** What is wrong in a query that was sent, each with a link to its place in the text. */
export function Places({ places }: { places: readonly Place[] }) {
  const request = usePage((state) => activeTab(state).job?.request);
  // What was sent may have been a selection.
  const { line: firstLine = 0, column: firstColumn = 0 } = request ?? {};
  return (
    <ul className={css["remarks"]}>
      {places.map(({ line, column, message, fix, severity = "error" }) => (
        <li key={`${line}:${column}:${message}`} data-severity={severity}>
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
  );
}

/** Makes the edits that remarks on a text know; nothing when none does, or the text is another one by now. */
export function FixAll({ sql, diagnostics }: { sql: string | undefined; diagnostics: readonly Diagnostic[] }) {
  const isUnchanged = usePage((state) => activeTab(state).sql === sql);
  const fixable = diagnostics.filter(({ edits }) => edits !== undefined);
  if (fixable.length === 0 || !isUnchanged) return null;
  return (
    <Button look="primary" onPress={() => makeFixes(fixable)}>
      {fixable.length === 1 ? (fixable[0]?.fix ?? result.fix) : result.fixAll}
    </Button>
  );
}
