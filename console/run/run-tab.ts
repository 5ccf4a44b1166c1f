import { focusEditor, textToRun } from "../editor/current-editor.ts";
import type { Request } from "../state/job.ts";
import { say, store } from "../state/state.ts";
import { activeTab } from "../state/tabs.ts";
import { words } from "../words/en.ts";
import { startRun } from "./start.ts";

/** Runs the selection, or the whole text, of the tab in front. */
export function runTab(how: Pick<Request, "total" | "target"> = {}): void {
  const text = textToRun();
  if (text.sql.trim() === "") {
    say(words.nothingToRun);
    focusEditor();
    return;
  }
  void startRun(activeTab(store.get()).id, { ...text, ...how });
}

/** Runs what the tab in front ran last once more. */
export function runAgain(how: Pick<Request, "total"> = {}): void {
  const tab = activeTab(store.get());
  const request = tab.job?.request;
  if (request === undefined) runTab(how);
  else void startRun(tab.id, { ...request, ...how });
}
