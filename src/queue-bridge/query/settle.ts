import { ok } from "#lang/result.ts";
import { isQueryRunning } from "#mce/rest/is-running.ts";
import type { Grant } from "#protocol/grant.ts";
import { endHere, type RunInHand } from "../run/run-in-hand.ts";
import type { Outcome } from "../ending.ts";
import type { Flow, Shell } from "../run/flow.ts";
import { unknownEnding } from "./given-up.ts";
import { openLostTask } from "./lost-task.ts";
import { slowedBy, waitToPoll } from "./waiting.ts";

/** Graces after the start until a silent rowset counts as empty: nothing was ever written to it. */
const silentGraces = 3;

/**
 * Finds out what happened to a Perform whose answer was lost, by reading only (D4): no second Perform is sent before it is
 * certain that MCE is not running the first.
 *
 * A task with the query's key is the run's own: it is followed as if Perform had been answered. If MCE shows none, the grant
 * stays open while the query is seen running. If it ends without rows, it may be performed again, then with a known TaskID;
 * a Perform without a TaskID could never become ready with 0 rows.
 *
 * @param sentMs how long after the grant Perform was given up
 * @returns the grant, now `performed`, or `rejected` when the next one may be requested
 */
export async function settleLost(
  run: RunInHand,
  flow: Flow,
  shell: Shell,
  grant: Grant,
  sentMs: number,
): Promise<Outcome<Grant>> {
  const { n } = grant;
  const kept = run.memory.read().perform;
  if (kept?.n === n) {
    run.report.put({ type: "performed", n, taskId: kept.taskId });
    return ok({ ...grant, state: "performed", taskId: kept.taskId });
  }
  const span = { since: grant.at, deadline: grant.at + run.settings.runTimeoutMs };
  const lost = openLostTask(run, grant);
  let failures = 0;
  for (;;) {
    const evidence = await readEvidence(run, flow, shell, { n, sentAt: grant.at + sentMs });
    failures = evidence === "unanswered" ? failures + 1 : 0;
    const isOpen = evidence === "open" || evidence === "unanswered";
    const taskId = await lost.look(!isOpen);
    if (taskId !== undefined) {
      run.report.put({ type: "performed", n, taskId });
      await run.memory.save({ perform: { n, taskId, sentMs } });
      return ok({ ...grant, state: "performed", taskId });
    }
    if (isOpen || !lost.isSpent()) {
      const waited = await waitToPoll(run, span, { atLeastMs: 0, ...slowedBy(failures, run.settings) });
      if (!waited.ok) return waited;
      continue;
    }
    if (evidence === "ran") {
      run.report.put({ type: "performed", n });
      return ok({ ...grant, state: "performed" });
    }
    if (!(await flow.mayRepeat(run))) {
      return endHere(run, await unknownEnding(run, wasRunning(run, n) ? "ran" : "perhaps-started", grant));
    }
    run.report.put({ type: "performRejected", n, evidence: "not-running" });
    return ok({ ...grant, state: "rejected" });
  }
}

async function readEvidence(
  run: RunInHand,
  flow: Flow,
  shell: Shell,
  { n, sentAt }: { n: number; sentAt: number },
): Promise<"ran" | "not-running" | "open" | "unanswered"> {
  const running = await isQueryRunning(run.mce, { objectId: shell.queryObjectId, signal: run.signal });
  if (!running.ok) return running.error.kind === "unavailable" ? "unanswered" : "open";
  if (running.value) {
    await run.memory.save({ seen: { n, wasRunning: true } });
    return "open";
  }
  const sinceMs = run.now() - sentAt;
  const graceMs = run.settings.notRunningGraceMs;
  if (!wasRunning(run, n) && sinceMs < graceMs) return "open";
  if (!flow.rowsProve) return "not-running";
  const result = await flow.readResult(run, { columns: shell.columns });
  if (!result.ok) return "open";
  if (result.value.kind !== "answers") return sinceMs > silentGraces * graceMs ? "not-running" : "open";
  return (result.value.count ?? 0) > 0 ? "ran" : "not-running";
}

function wasRunning(run: RunInHand, n: number): boolean {
  const { seen } = run.memory.read();
  return seen?.n === n && seen.wasRunning === true;
}
