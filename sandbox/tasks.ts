import type { Applied } from "./engine/scope.ts";
import type { QueryDefinition, Task } from "./entities.ts";
import { leaveRows, runQuery } from "./run-query.ts";
import { targetByKey } from "./store.ts";
import type { World } from "./world.ts";

/** MCE's text for a query killed after 30 minutes was never captured; by MCE 8.6 it mentions the time-out. */
const killedText =
  "Query failed during execution. Error: Execution Timeout Expired. The timeout period elapsed prior to completion of the operation.";

/** Starts a run of the query on the sandbox's clock; the engine executes it at the end of its duration. */
export function startTask(world: World, query: QueryDefinition, eid: number): Task {
  const { behaviours, clock, store, random } = world;
  const task: Task = {
    id: store.nextTaskId++,
    queryObjectId: query.objectId,
    queryKey: query.customerKey,
    queryText: query.queryText,
    columns: query.columns,
    interactionId: random.guid(),
    mid: query.mid,
    eid,
    targetKey: query.targetKey,
    targetName: query.targetName,
    targetObjectId: query.targetObjectId,
    targetMid: query.targetMid,
    updateType: query.updateType,
    state: "queued",
    startedAt: clock.now(),
    errorMsg: "",
    rows: 0,
    polls: 0,
    script: {
      durationMs: behaviours.durationMs ?? random.between(1000, 3000),
      queuedMs: behaviours.queuedMs,
      killAfterMs: behaviours.killAfterMs,
      statusMissingPolls: behaviours.statusMissingPolls,
      statusStuck: behaviours.statusStuck,
      isRunningLateMs: behaviours.isRunningLateMs,
      rowsetLateMs: behaviours.rowsetLateMs,
      rowsetLateStatus: behaviours.rowsetLateStatus,
      rowsVisibleEarly: behaviours.rowsVisibleEarly,
      errorMsg: takeError(world, query),
      failedRun: behaviours.failedRun,
    },
  };
  store.tasks.push(task);
  world.ledger.note(task.startedAt, { event: "perform", taskId: task.id, queryKey: task.queryKey, mid: task.mid });
  promote(world, task.startedAt);
  return task;
}

/** Resumes runs that were read from a file. */
export function resumeTasks(world: World): void {
  promote(world, world.clock.now());
}

/** Whether the run has not ended. */
export function isLive(task: Task): boolean {
  return task.state === "queued" || task.state === "processing";
}

/** Ends the runs of a deleted query at once, where the switch says so. */
export function queryDeleted(world: World, objectId: string): void {
  if (!world.behaviours.deleteStopsQuery) return;
  const now = world.clock.now();
  for (const task of world.store.tasks) {
    if (task.queryObjectId === objectId && isLive(task)) end(world, task, now, "The query activity was deleted.");
  }
}

/** Starts waiting runs up to the limit of parallel runs; one definition executes once at a time. */
function promote(world: World, now: number): void {
  for (const task of world.store.tasks) {
    if (task.executingAt !== undefined || !isLive(task)) continue;
    const executing = world.store.tasks.filter(
      (it) => it.executingAt !== undefined && isLive(it) && it.mid === task.mid,
    );
    const limit = world.behaviours.parallelRuns;
    if (limit > 0 && executing.length >= limit) continue;
    if (executing.some((it) => it.queryObjectId === task.queryObjectId)) continue;
    execute(world, task, now);
  }
}

function execute(world: World, task: Task, now: number): void {
  const { durationMs, queuedMs, killAfterMs, rowsVisibleEarly } = task.script;
  const lastsMs = Math.min(durationMs, killAfterMs);
  const failure = durationMs > killAfterMs ? killedText : task.script.errorMsg;
  task.executingAt = now;
  // A short query leaves the queue early, so that a poll can see it as Processing.
  world.clock.at(now + Math.min(queuedMs, lastsMs / 4), () => {
    if (task.state === "queued") task.state = "processing";
  });
  if (rowsVisibleEarly && failure === null) {
    world.clock.at(now + lastsMs / 2, (due) => {
      if (!isLive(task)) return;
      const over = apply(world, task, due);
      if (task.errorMsg !== "") end(world, task, over, task.errorMsg);
    });
  }
  world.clock.at(now + lastsMs, (due) => {
    if (!isLive(task)) return;
    if (failure !== null && failure === task.script.errorMsg) failHalfWay(world, task, due);
    end(world, task, due, failure);
  });
}

function end(world: World, task: Task, due: number, failure: string | null): void {
  if (failure !== null) task.errorMsg = failure;
  const now = failure === null && task.appliedAt === undefined ? apply(world, task, due) : due;
  const isFine = task.errorMsg === "";
  task.endedAt = now;
  task.state = isFine ? "complete" : "error";
  const target = world.store.dataExtensions.find((it) => it.objectId === task.targetObjectId);
  const lateMs = isFine && target?.isFresh === true && !task.script.rowsVisibleEarly ? task.script.rowsetLateMs : 0;
  if (lateMs === 0) finish(world, task, now);
  else world.clock.at(now + lateMs, (then) => finish(world, task, then));
  promote(world, now);
}

/** The moment from which the run's result can be read: the status row is Complete and the rowset answers. */
function finish(world: World, task: Task, now: number): void {
  task.doneAt = now;
  const target = world.store.dataExtensions.find((it) => it.objectId === task.targetObjectId);
  if (target !== undefined && task.state === "complete") target.isFresh = false;
  world.ledger.note(now, { event: "done", taskId: task.id, outcome: task.state === "error" ? "error" : "complete" });
}

/**
 * Runs the query, and notes the reason in `errorMsg` when it fails.
 *
 * @returns the moment the work was over: the time the engine took counts as the query's
 */
function apply(world: World, task: Task, due: number): number {
  const begun = world.clock.now();
  const outcome = executeQuery(world, task, due);
  const now = due + world.clock.now() - begun;
  if (outcome.kind === "failed") {
    task.errorMsg = outcome.message;
    return now;
  }
  task.appliedAt = now;
  task.rows = outcome.rows;
  const { id: taskId, targetKey, updateType } = task;
  world.ledger.note(now, { event: "applied", taskId, targetKey, mode: updateType.toLowerCase(), rows: outcome.rows });
  return now;
}

function executeQuery(world: World, task: Task, now: number): Applied {
  const target = targetByKey(world.store, task.mid, task.eid, task.targetKey);
  if (target === undefined || target.objectId !== task.targetObjectId) {
    return { kind: "failed", message: `Invalid object name '${task.targetName}'.` };
  }
  target.isChanged = true;
  return runQuery(world, task, target, now);
}

/** The rows of a run that a test made fail, where a failed run leaves any. */
function failHalfWay(world: World, task: Task, now: number): void {
  const target = targetByKey(world.store, task.mid, task.eid, task.targetKey);
  if (target?.objectId === task.targetObjectId) leaveRows(world, task, target, now);
}

/** The text the run fails with, when it is one of those a test makes fail. */
function takeError(world: World, { customerKey, targetKey, queryText }: QueryDefinition): string | null {
  const { errorMsg, errorTimes, errorMatch } = world.behaviours;
  if (errorMsg === null || errorTimes === 0) return null;
  if (errorMatch !== null && ![customerKey, targetKey, queryText].some((it) => it.includes(errorMatch))) return null;
  world.behaviours.errorTimes = errorTimes - 1;
  return errorMsg;
}
