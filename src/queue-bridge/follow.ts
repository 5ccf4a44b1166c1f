import type { Answer, MceFailure } from "#mce/failure.ts";
import { isQueryRunning } from "#mce/rest/is-running.ts";
import { readAsyncStatus } from "#mce/soap/async-status.ts";
import type { DrivenRun } from "./driven-run.ts";
import { endHere } from "./driven-run.ts";
import type { Outcome } from "./ending.ts";
import { done } from "./ending.ts";
import { explain, outcomeUnknown, queryFailed } from "./failures.ts";
import type { Flow, ResultState, Shell } from "./flow.ts";
import type { Performed } from "./perform.ts";
import type { Signals, Verdict } from "./verdict.ts";
import { judge, wantsIsRunning } from "./verdict.ts";
import { waitToPoll } from "./waiting.ts";

export type Result = ResultState & { kind: "answers" };

/** What one poll brought: a verdict, with the rows when they decided it, or a failure that no later poll can mend. */
type Poll = { verdict: Verdict; result?: Result; waitMs?: number } | { fatal: MceFailure };

/**
 * Follows a query until it has ended and its rows can be read (D9, D10).
 *
 * @param isFresh the Perform was sent just now: wait before the first question
 */
export async function follow(
  run: DrivenRun,
  flow: Flow,
  shell: Shell,
  performed: Performed,
  isFresh: boolean,
): Promise<Outcome<Result>> {
  const deadline = performed.at + run.settings.runTimeoutMs;
  let confirmingSince = run.memory.read().confirmingSince;
  let atLeastMs = 0;
  for (let isFirst = true; ; isFirst = false) {
    if (!isFirst || isFresh) {
      // A rowset that is late (FACTS 10.2) is asked by a schedule of its own, which begins anew at 1 s.
      const waited = await waitToPoll(run, { since: confirmingSince ?? performed.at, deadline }, atLeastMs);
      if (!waited.ok) return waited;
    }
    run.failPoint("poll");
    const poll = await pollOnce(run, flow, shell, performed, (isConfirming) => {
      if (!isConfirming || confirmingSince !== undefined) return;
      confirmingSince = run.now();
      run.report.put({ type: "confirming" });
      run.failPoint("confirm:before");
    });
    if ("fatal" in poll) return endHere(run, { kind: "failed", error: explain(poll.fatal, "following the query") });
    if (run.signal.aborted) return endHere(run, { kind: "leaving" });
    atLeastMs = poll.waitMs ?? 0;
    switch (poll.verdict.kind) {
      case "failed":
        return endHere(run, { kind: "failed", error: queryFailed(poll.verdict.message) });
      case "unproven":
        return endHere(run, { kind: "failed", error: outcomeUnknown() });
      case "ready":
        if (poll.result !== undefined) return done(poll.result);
        break;
      case "confirm":
        if (confirmingSince !== undefined) await run.memory.save({ confirmingSince });
        break;
      case "pending":
        break;
    }
  }
}

async function pollOnce(
  run: DrivenRun,
  flow: Flow,
  shell: Shell,
  performed: Performed,
  onEnd: (isConfirming: boolean) => void,
): Promise<Poll> {
  const { signal, settings } = run;
  const graceMs = settings.notRunningGraceMs;
  const { n, taskId } = performed;
  const signals: Signals = {
    sincePerformMs: run.now() - performed.at,
    seenRunning: run.memory.read().seenRunning === n,
    isTaskKnown: taskId !== undefined,
  };
  const failures: MceFailure[] = [];
  if (taskId !== undefined) {
    const row = valueOf(await readAsyncStatus(run.mce, { taskId, signal }), failures);
    if (row !== undefined) signals.row = row;
  }
  if (wantsIsRunning(signals, graceMs)) {
    const answer = await isQueryRunning(run.mce, { objectId: shell.queryObjectId, signal });
    const isRunning = valueOf(answer, failures);
    if (isRunning !== undefined) signals.isRunning = isRunning;
    if (isRunning === true && !signals.seenRunning) await run.memory.save({ seenRunning: n });
  }
  const verdict = judge(signals, graceMs);
  if (verdict.kind !== "confirm") return withWait({ verdict }, failures);
  onEnd(true);
  const result = valueOf(await flow.readResult(run), failures);
  if (result === undefined) return withWait({ verdict }, failures);
  const rowset = result.kind === "silent" ? result : { kind: result.kind, count: result.count };
  const final = judge({ ...signals, rowset }, graceMs);
  return withWait({ verdict: final, ...(result.kind === "silent" ? {} : { result }) }, failures);
}

/** A poll that failed is no news, unless no later one can succeed either. */
function withWait(poll: { verdict: Verdict; result?: Result }, failures: readonly MceFailure[]): Poll {
  const isOpen = poll.verdict.kind === "pending" || poll.verdict.kind === "confirm";
  const fatal = isOpen ? failures.find(({ kind }) => kind === "unauthorized" || kind === "forbidden") : undefined;
  if (fatal !== undefined) return { fatal };
  const waits = failures.map((failure) => (failure.kind === "throttled" ? failure.waitMs : 0));
  return { ...poll, waitMs: Math.max(0, ...waits) };
}

function valueOf<T>(answer: Answer<T>, failures: MceFailure[]): T | undefined {
  if (answer.ok) return answer.value;
  failures.push(answer.failure);
  return undefined;
}
