import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import type { Column } from "#protocol/column.ts";
import { findQuery, openQuery } from "../shell/assets.ts";
import { attemptOf, endHere, stopOf, type RunInHand } from "../run/run-in-hand.ts";
import { cleanUp } from "../left-over/cleanup.ts";
import type { Ending, Outcome } from "../ending.ts";
import { explain, internal } from "../run/failures.ts";
import type { Flow, Shell, Plan } from "../run/flow.ts";
import type { Folders } from "../business-unit/folders.ts";
import { follow } from "../query/follow.ts";
import { patiently } from "../run/patience.ts";
import { perform } from "../query/perform.ts";
import { planRun } from "../shell/plan.ts";
import { requeue } from "../query/waiting.ts";

/**
 * Takes one run through MCE: shell, Perform, wait, rows. Every step finds out what an earlier start has already done, so
 * the script always begins at the top.
 */
export async function drive(run: RunInHand, flow: Flow): Promise<Ending> {
  const shell = isStarted(run) ? await recallShell(run) : await openShell(run, flow);
  if (!shell.ok) return shell.error;

  const wasPerformed = run.claim.grant?.state === "performed";
  const performed = await perform(run, flow, shell.value);
  if (!performed.ok) return performed.error;

  const result = await follow({ ...run, mce: run.calls("ends") }, flow, shell.value, performed.value, !wasPerformed);
  if (!result.ok) return result.error;

  run.failPoint("ready:before");
  const { handle, rowCount, truncated, evidence, tookMs, notes = [] } = result.value;
  run.report.put({
    type: "ready",
    result: handle,
    ...given({ rowCount, truncated }),
    columns: [...shell.value.columns],
    notes: [...new Set([...run.notes, ...notes])],
    evidence,
  });
  await run.report.flushed();
  const isReady = run.report.status() === "ready";
  if (isReady && tookMs !== undefined) run.metrics.ready(run.now() - (performed.value.at + tookMs));
  if (tookMs !== undefined) void run.durations.learn(run.spec, tookMs / run.settings.pollMinMs);
  run.failPoint("ready:after");
  return stopOf(run.signal) ?? { kind: "ready" };
}

/** Whether a Perform may have been sent: then the shell exists, and nothing more is created. */
function isStarted(run: RunInHand): boolean {
  const { grant } = run.claim;
  return grant !== undefined && grant.state !== "rejected";
}

/** Columns, folders, table, query: two or three calls in a row to MCE when fields and folders are known (D14). */
async function openShell(run: RunInHand, flow: Flow): Promise<Outcome<Shell>> {
  const begun = await mayBegin(run);
  if (!begun.ok) return begun;
  let found: Promise<Outcome<Folders>> | undefined;
  const folders = () => (found ??= findFolders(run));
  const planning = planShell(run);
  const [plan, target] = await Promise.all([planning, flow.openTable(run, planning, folders)]);
  if (!plan.ok) return plan;
  if (!target.ok) return target;
  const place = await folders();
  if (!place.ok) return place;
  const query = await openQuery(run, place.value, {
    ...flow.queryText(plan.value),
    target: target.value,
    updateType: flow.updateType(run.spec),
  });
  if (!query.ok) return query;
  // The columns that the user has seen stay valid, even if a field was renamed between two starts.
  return ok({ queryObjectId: query.value, columns: run.claim.columns ?? plan.value.columns });
}

/**
 * Reserves the calls up to Perform, so that a run that has begun does not get stuck. While MCE throttles the business unit,
 * or its call budget is spent, the run does not begin: it waits here if the wait is short, else its job is delayed.
 */
async function mayBegin(run: RunInHand): Promise<Outcome<void>> {
  for (;;) {
    const refusal = await run.reserve("new-runs", callsToPerform, run.signal);
    if (refusal === undefined) return ok(undefined);
    const isLong = refusal.kind !== "throttled" || refusal.waitMs > run.settings.mcePatienceMs;
    if (isLong) return endHere(run, { kind: "failed", error: explain(refusal, "reading the tables' fields") });
    if (refusal.waitMs > run.capacity.longestWaitMs()) return requeue(run, refusal.waitMs);
    if (!(await run.platform.sleep(refusal.waitMs, run.signal))) return endHere(run, { kind: "leaving" });
  }
}

/** MCE's own check, table, query, Perform. Look-ups of fields and folders come on top. */
const callsToPerform = 4;

/** Plans the run and reports the plan; meanwhile it deletes the assets of an earlier shell. */
async function planShell(run: RunInHand): Promise<Outcome<Plan>> {
  const [plan] = await Promise.all([planRun(run), attemptOf(run) > 1 ? dropEarlierShell(run) : undefined]);
  if (plan.ok && run.claim.columns === undefined) {
    run.report.put({ type: "planned", columns: [...plan.value.columns], notes: [...plan.value.notes] });
  }
  return plan;
}

/** Deletes what a later shell has replaced; what cannot be deleted now is owed at the run's end (R11). */
async function dropEarlierShell(run: RunInHand): Promise<void> {
  const { mce, report, failPoint, log, folders, settings, spec, platform } = run;
  const { tenantId, mid } = spec.tenancy;
  const deps = { mce, unit: { tenantId, mid }, folders, report, failPoint, log, settings, platform };
  await cleanUp(deps, spec.id, run.claim.owed);
}

async function findFolders(run: RunInHand): Promise<Outcome<Folders>> {
  const found = await patiently(run, () => run.folders.find(run.mce, run.spec.tenancy, run.signal));
  if (!found.ok)
    return endHere(run, { kind: "failed", error: explain(found.error, "looking for the folder", run.spec) });
  run.failPoint("folders:after");
  return ok(found.value);
}

async function recallShell(run: RunInHand): Promise<Outcome<Shell>> {
  const query = await findQuery(run);
  if (!query.ok) return endHere(run, { kind: "failed", error: explain(query.error, "following the query", run.spec) });
  const columns: readonly Column[] | undefined = run.claim.columns;
  if (query.value === undefined || columns === undefined) {
    const error = internal("The run's query is gone from Marketing Cloud, so it can no longer be followed");
    return endHere(run, { kind: "failed", error });
  }
  return ok({ queryObjectId: query.value, columns });
}
