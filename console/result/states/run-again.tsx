import { Button } from "../../parts/button.tsx";
import { runAgain } from "../../run/run-tab.ts";
import { usePage } from "../../state/state.ts";
import { activeTab } from "../../state/tabs.ts";
import { words } from "../../words/en.ts";

/** Runs the tab's query once more; nothing for a tab that shows a run whose text is not here. */
export function RunAgain() {
  const canRun = usePage((state) => activeTab(state).sql.trim() !== "");
  return canRun && <Button onPress={() => runAgain()}>{words.result.runAgain}</Button>;
}
