import { SqeError } from "#client/sqe-error.ts";
import { say } from "../state/state.ts";
import { changeJob, changeTab, tabOf } from "../state/tabs.ts";
import { words } from "../words/en.ts";
import { dropHandle, handleOf } from "./handles.ts";

/** Stops a tab's run. One that has not reached the engine is just not sent. */
export async function stopRun(tabId: string): Promise<void> {
  const handle = handleOf(tabId);
  const job = tabOf(tabId)?.job;
  if (handle === undefined || job === undefined) return;
  if (handle.run === undefined) {
    dropHandle(tabId);
    changeTab(tabId, { job: undefined });
    return;
  }
  changeJob(tabId, job.sentAt, { isStopping: true });
  try {
    const run = await handle.run.cancel();
    changeJob(tabId, job.sentAt, { run, isStopping: false });
  } catch (error) {
    changeJob(tabId, job.sentAt, { isStopping: false });
    if (!(error instanceof SqeError)) throw error;
    say(words.stopFailed(error.detail));
  }
}

/** Ends a tab's result now: its table goes, and nobody can read its rows any more. */
export async function discardRows(tabId: string): Promise<void> {
  const handle = handleOf(tabId);
  const job = tabOf(tabId)?.job;
  if (handle?.run === undefined || job === undefined) return;
  try {
    const run = await handle.run.discard();
    dropHandle(tabId);
    changeJob(tabId, job.sentAt, { run, page: undefined, isDiscarded: true });
  } catch (error) {
    if (!(error instanceof SqeError)) throw error;
    say(error.detail);
  }
}
