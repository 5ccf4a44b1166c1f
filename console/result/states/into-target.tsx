import type { RunState } from "#client/run-state.ts";
import { Button } from "../../parts/button.tsx";
import { openSheet, usePage } from "../../state/state.ts";
import { activeTab } from "../../state/tabs.ts";
import { words } from "../../words/en.ts";
import { Card } from "./card.tsx";

/** A run that wrote into a Data Extension. */
export function IntoTarget({ run: { target, rowCount } }: { run: RunState }) {
  const named = usePage((state) => activeTab(state).job?.request?.target);
  const { result, rows } = words;
  const name = named?.name ?? target?.customerKey ?? "";
  const title =
    rowCount === undefined
      ? result.targetDoneUncounted(name)
      : result.targetDone(rows(rowCount), target?.mode ?? "append", name);
  return (
    <Card
      look="good"
      title={title}
      foot={<Button onPress={() => openSheet({ kind: "preview", table: name })}>{result.showTarget}</Button>}
    />
  );
}
