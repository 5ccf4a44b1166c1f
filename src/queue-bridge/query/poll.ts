import { given } from "#lang/given.ts";
import type { MceFailure } from "#mce/failure.ts";
import { isQueryRunning } from "#mce/rest/is-running.ts";
import type { StatusRow } from "#mce/soap/async-status.ts";
import type { Evidence } from "#protocol/evidence.ts";
import type { RunInHand } from "../run/run-in-hand.ts";
import type { Flow, ResultState, Shell } from "../run/flow.ts";
import type { Performed } from "./perform.ts";
import { look, type Question, type Poll, type Seen } from "../verdict/signals.ts";
import { nextQuestion } from "../verdict/questions.ts";
import type { RefusedQuestions } from "./refused-questions.ts";
import { evidenceOf, judge, type Terms, type Verdict } from "../verdict/verdict.ts";

/** The result of one poll; `failures` are the calls that failed, except for questions that MCE forbids. */
export type Polled = {
  seen: Seen;
  poll: Poll;
  verdict: Verdict;
  evidence: Evidence;
  /** The rows, if they were requested and MCE answered. */
  result?: ResultState & { kind: "answers" };
  failures: readonly MceFailure[];
  /** The query has ended, and its rows cannot be read. */
  unreadable?: ResultState & { kind: "unreadable" };
};

/** The query that is followed, and the terms of its verdict; polls add to `refused` what MCE forbids to ask. */
export type Followed = { flow: Flow; shell: Shell; performed: Performed; terms: Terms; refused: RefusedQuestions };

/** Asks MCE what the verdict needs (`questions.ts`), and then for rows if the verdict wants them. */
export async function pollOnce(run: RunInHand, followed: Followed, before: Seen): Promise<Polled> {
  const { flow, shell, performed, terms } = followed;
  const { poll, seen, failures, row } = await askSignals(run, followed, before);
  const judged = judgedOf(seen, poll, terms);
  if (judged.verdict.kind !== "unsure" || !judged.verdict.wantsRows) return { ...judged, failures };

  // Before Complete, the row's count may still be rising.
  const processed = seen.status === "complete" ? row?.processedCount : undefined;
  // In every other case the query may still be running.
  const hasEnded = judged.verdict.why === "rowset-not-asked";
  const rows = await flow.readResult(run, {
    columns: shell.columns,
    ...given({ processed, endedUntil: hasEnded ? performed.at + run.settings.runTimeoutMs : undefined }),
  });
  if (!rows.ok) return { ...judged, failures: [...failures, rows.error] };
  const state = rows.value;
  const rowset = state.kind === "answers" ? withoutHandle(state) : ({ kind: "silent" } as const);
  const withRows = { ...poll, rowset };
  return {
    ...judgedOf(look(seen, withRows), withRows, terms),
    failures,
    ...given({
      result: state.kind === "answers" ? state : undefined,
      unreadable: state.kind === "unreadable" ? state : undefined,
    }),
  };
}

type Asked = { poll: Poll; seen: Seen; failures: MceFailure[]; row?: StatusRow };

async function askSignals(run: RunInHand, followed: Followed, before: Seen): Promise<Asked> {
  const { signal } = run;
  const { shell, performed, terms, refused } = followed;
  const asked = new Set<Question>(refused.keys());
  const result: Asked = { poll: { sinceMs: run.now() - performed.at }, seen: before, failures: [] };
  const fail = (question: Question, failure: MceFailure) => {
    if (failure.kind === "forbidden") {
      refused.set(question, failure);
      return;
    }
    result.failures.push(failure);
    if (failure.kind === "throttled" && failure.isHeld) return;
    result.poll.failed = [...(result.poll.failed ?? []), question];
    if (question === "isRunning" && failure.kind === "unavailable") result.poll.isRunningAway = true;
  };
  for (;;) {
    const question = nextQuestion(result.seen, result.poll, asked, terms);
    if (question === undefined) return result;
    asked.add(question);
    if (question === "isRunning") {
      const running = await isQueryRunning(run.mce, { objectId: shell.queryObjectId, signal });
      if (running.ok) result.poll.isRunning = running.value;
      else fail(question, running.error);
    } else if (performed.taskId !== undefined) {
      const status = await run.statusBoard.read(run, performed.taskId);
      if (status.ok) {
        result.poll.row = status.value ?? "missing";
        if (status.value !== undefined) result.row = status.value;
      } else fail(question, status.error);
    }
    result.poll.sinceMs = run.now() - performed.at;
    result.seen = look(before, result.poll);
  }
}

function judgedOf(seen: Seen, poll: Poll, terms: Terms): Pick<Polled, "seen" | "poll" | "verdict" | "evidence"> {
  const verdict = judge(seen, poll, terms);
  return { seen, poll, verdict, evidence: evidenceOf(verdict, seen, poll) };
}

function withoutHandle({ kind, count }: ResultState & { kind: "answers" }): NonNullable<Poll["rowset"]> {
  return count === undefined ? { kind } : { kind, count };
}
