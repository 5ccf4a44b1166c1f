import type { Run } from "#client/run.ts";
import { isOver, type RunState } from "#client/run-state.ts";
import { changeJob, changeTab, tabOf } from "../state/tabs.ts";
import { store } from "../state/state.ts";
import type { Handle } from "./handles.ts";
import { markFailure } from "./mark-failure.ts";
import { notify } from "./notify.ts";
import { showPage } from "./pages.ts";
import { watchRun } from "./watch-run.ts";

/** Shows a run's states as they come, then its first page. */
export async function follow(tabId: string, sentAt: number, handle: Handle, run: Run): Promise<void> {
  const { signal } = handle.stop;
  const wasOver = isOver(run.state);
  await watchRun(run, signal, (news) => changeJob(tabId, sentAt, news));
  const { state } = run;
  if (!isOver(state)) return;
  changeJob(tabId, sentAt, { run: state, endedAt: Date.now(), link: "live" });
  if (state.status === "failed") void markFailure(tabId, sentAt, state);
  if (hasRows(state)) await showPage(tabId, { page: 1 });
  if (wasOver) return;
  const { activeId } = store.get();
  if (activeId !== tabId || document.hidden) changeTab(tabId, { isUnseen: true });
  notify(tabOf(tabId)?.name ?? "", state, Date.now() - sentAt);
}

/** Whether there are rows to ask for: a target's rows are asked for by name. */
function hasRows({ status, flow }: RunState): boolean {
  return status === "ready" && flow === "run-to-temp";
}
