import type { Answer, MceFailure } from "#mce/failure.ts";
import { isQueryRunning } from "#mce/rest/is-running.ts";
import { readAsyncStatus } from "#mce/soap/async-status.ts";
import type { Evidence } from "#protocol/evidence.ts";
import type { DrivenRun } from "./driven-run.ts";
import type { Flow, ResultState, Shell } from "./flow.ts";
import type { Performed } from "./perform.ts";
import type { Poll, Seen } from "./signals.ts";
import { look } from "./signals.ts";
import type { Terms, Verdict } from "./verdict.ts";
import { evidenceOf, judge } from "./verdict.ts";

/** What one poll brought; `failures` are the calls that brought nothing. */
export type Polled = {
  seen: Seen;
  poll: Poll;
  verdict: Verdict;
  evidence: Evidence;
  /** The rows, when they were asked for and answer. */
  result?: ResultState & { kind: "answers" };
  failures: readonly MceFailure[];
};

/** What is being followed, and on which terms it is judged. */
export type Followed = { flow: Flow; shell: Shell; performed: Performed; terms: Terms };

/** Asks MCE once: status row and `isrunning` side by side (D10), then the rowset when they say that it is time. */
export async function pollOnce(run: DrivenRun, followed: Followed, before: Seen): Promise<Polled> {
  const { flow, shell, performed, terms } = followed;
  const { signal } = run;
  const { taskId } = performed;
  const [status, running] = await Promise.all([
    taskId === undefined ? undefined : readAsyncStatus(run.mce, { taskId, signal }),
    isQueryRunning(run.mce, { objectId: shell.queryObjectId, signal }),
  ]);
  const failures = failuresOf([status, running]);
  const poll: Poll = {
    sinceMs: run.now() - performed.at,
    ...(status?.ok === true ? { row: status.value ?? "missing" } : {}),
    ...(running.ok ? { isRunning: running.value } : {}),
  };
  const seen = look(before, poll);
  const judged = judgedOf(seen, poll, terms);
  if (judged.verdict.kind !== "unsure" || !judged.verdict.wantsRows) return { ...judged, failures };
  // MCE wants to be left alone since just now: the rows wait for the next poll.
  if ((await run.pause()) > 0) return { ...judged, failures };

  // A row that hangs may count what was processed so far.
  const processed =
    seen.status === "complete" ? (status?.ok === true ? status.value?.processedCount : undefined) : undefined;
  const rows = await flow.readResult(run, processed);
  if (!rows.ok) return { ...judged, failures: [...failures, rows.failure] };
  const state = rows.value;
  const rowset = state.kind === "silent" ? state : withoutHandle(state);
  const withRows = { ...poll, rowset };
  return {
    ...judgedOf(look(seen, withRows), withRows, terms),
    failures,
    ...(state.kind === "silent" ? {} : { result: state }),
  };
}

function judgedOf(seen: Seen, poll: Poll, terms: Terms): Pick<Polled, "seen" | "poll" | "verdict" | "evidence"> {
  const verdict = judge(seen, poll, terms);
  return { seen, poll, verdict, evidence: evidenceOf(verdict, seen, poll) };
}

function withoutHandle({ kind, count }: ResultState & { kind: "answers" }): NonNullable<Poll["rowset"]> {
  return count === undefined ? { kind } : { kind, count };
}

function failuresOf(answers: readonly (Answer<unknown> | undefined)[]): MceFailure[] {
  return answers.flatMap((answer) => (answer === undefined || answer.ok ? [] : [answer.failure]));
}
