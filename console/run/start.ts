import type { Parameter } from "#client/run-state.ts";
import { SqeError } from "#client/sqe-error.ts";
import { given } from "#lang/given.ts";
import { engine } from "../engine/engine.ts";
import { refusalOf, type Job, type Request } from "../state/job.ts";
import { changeJob, changeTab, tabOf } from "../state/tabs.ts";
import { change } from "../state/state.ts";
import { follow } from "./follow.ts";
import { openHandle, type Handle } from "./handles.ts";
import { parametersOf } from "./parameters.ts";

/** Runs a text in a tab. The tab's run before it goes on without the page. */
export async function startRun(tabId: string, request: Request): Promise<void> {
  const tab = tabOf(tabId);
  if (tab === undefined) return;
  const handle = openHandle(tabId);
  const sentAt = newTime(tab.job);
  changeTab(tabId, { job: { request, sentAt, asked: { page: 1 } }, view: "rows", isUnseen: false });
  change({ pane: "result" });
  const { target } = request;
  const options = {
    snippetName: tab.name,
    signal: handle.stop.signal,
    parameters: parametersOf(request.sql, tab.parameters),
    ...given({
      total: request.total,
      target: target && { customerKey: target.customerKey, mode: target.mode },
    }),
  };
  await report(tabId, sentAt, handle, () => submit(tabId, sentAt, handle, request.sql, options));
}

type Options = { snippetName: string; signal: AbortSignal; parameters: readonly Parameter[]; total?: boolean };

async function submit(tabId: string, sentAt: number, handle: Handle, sql: string, options: Options): Promise<void> {
  const onRetry = ({ retryAfter = 1, status, detail }: SqeError) =>
    changeJob(tabId, sentAt, {
      retry: { until: Date.now() + retryAfter * 1000, isBusy: status !== 0, detail },
    });
  const { parameters, ...rest } = options;
  const run = await engine({ onRetry }).run(sql, { ...rest, ...(parameters.length > 0 && { parameters }) });
  handle.run = run;
  changeJob(tabId, sentAt, { run: run.state, retry: undefined });
  await follow(tabId, sentAt, handle, run);
}

/** Opens a run by its id in a tab, and follows it: after a reload, from the list of runs, or from its address. */
export async function openRun(tabId: string, runId: string): Promise<void> {
  const handle = openHandle(tabId);
  const sentAt = newTime(tabOf(tabId)?.job);
  changeTab(tabId, { job: { sentAt, asked: { page: 1 } }, view: "rows", isUnseen: false });
  await report(tabId, sentAt, handle, async () => {
    const run = await engine().open(runId, { signal: handle.stop.signal });
    handle.run = run;
    changeJob(tabId, sentAt, { run: run.state });
    await follow(tabId, sentAt, handle, run);
  });
}

/** Two runs of a tab never have the same time, by which their news are told apart. */
function newTime(before: Job | undefined): number {
  return Math.max(Date.now(), (before?.sentAt ?? 0) + 1);
}

/** Does a run's work, and shows why it could not be done. */
async function report(tabId: string, sentAt: number, { stop }: Handle, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (stop.signal.aborted) return;
    if (!(error instanceof SqeError)) throw error;
    changeJob(tabId, sentAt, { refusal: refusalOf(error), endedAt: Date.now() });
  }
}
