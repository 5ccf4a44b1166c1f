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

/** What one poll brought; `failures` are the calls that brought nothing, but for questions MCE forbids. */
export type Polled = {
  seen: Seen;
  poll: Poll;
  verdict: Verdict;
  evidence: Evidence;
  /** The rows, when they were asked for and answer. */
  result?: ResultState & { kind: "answers" };
  failures: readonly MceFailure[];
  /** The query has ended, and its rows are given up. */
  unreadable?: ResultState & { kind: "unreadable" };
};

/** What is being followed, on which terms it is judged, and what may not be asked of it: a poll adds to that. */
export type Followed = { flow: Flow; shell: Shell; performed: Performed; terms: Terms; refused: RefusedQuestions };

/** Asks MCE what it takes to judge (`questions.ts`), then the rowset when the answers say that it is time. */
export async function pollOnce(run: RunInHand, followed: Followed, before: Seen): Promise<Polled> {
  const { flow, shell, performed, terms } = followed;
  const { poll, seen, failures, row } = await askSignals(run, followed, before);
  const judged = judgedOf(seen, poll, terms);
  if (judged.verdict.kind !== "unsure" || !judged.verdict.wantsRows) return { ...judged, failures };

  // A row that hangs may count what was processed so far.
  const processed = seen.status === "complete" ? row?.processedCount : undefined;
  // Nothing else is asked for rows before they are.
  const hasEnded = judged.verdict.why === "rowset-not-asked";
  const rows = await flow.readResult(run, {
    columns: shell.columns,
    ...given({ processed }),
    ...(hasEnded ? { endedUntil: performed.at + run.settings.runTimeoutMs } : {}),
  });
  if (!rows.ok) return { ...judged, failures: [...failures, rows.failure] };
  const state = rows.value;
  const rowset = state.kind === "answers" ? withoutHandle(state) : ({ kind: "silent" } as const);
  const withRows = { ...poll, rowset };
  return {
    ...judgedOf(look(seen, withRows), withRows, terms),
    failures,
    ...(state.kind === "answers" ? { result: state } : {}),
    ...(state.kind === "unreadable" ? { unreadable: state } : {}),
  };
}

type Asked = { poll: Poll; seen: Seen; failures: MceFailure[]; row?: StatusRow };

async function askSignals(run: RunInHand, followed: Followed, before: Seen): Promise<Asked> {
  const { signal } = run;
  const { shell, performed, terms, refused } = followed;
  const asked = new Set<Question>(refused.keys());
  const told: Asked = { poll: { sinceMs: run.now() - performed.at }, seen: before, failures: [] };
  const fail = (question: Question, failure: MceFailure) => {
    if (failure.kind === "forbidden") {
      refused.set(question, failure);
      return;
    }
    told.failures.push(failure);
    if (failure.kind === "throttled" && failure.isHeld) return;
    told.poll.failed = [...(told.poll.failed ?? []), question];
    if (question === "isRunning" && failure.kind === "unavailable") told.poll.isRunningAway = true;
  };
  for (;;) {
    const question = nextQuestion(told.seen, told.poll, asked, terms);
    if (question === undefined) return told;
    asked.add(question);
    if (question === "isRunning") {
      const running = await isQueryRunning(run.mce, { objectId: shell.queryObjectId, signal });
      if (running.ok) told.poll.isRunning = running.value;
      else fail(question, running.failure);
    } else if (performed.taskId !== undefined) {
      const status = await run.statusBoard.read(run, performed.taskId);
      if (status.ok) {
        told.poll.row = status.value ?? "missing";
        if (status.value !== undefined) told.row = status.value;
      } else fail(question, status.failure);
    }
    told.poll.sinceMs = run.now() - performed.at;
    told.seen = look(before, told.poll);
  }
}

function judgedOf(seen: Seen, poll: Poll, terms: Terms): Pick<Polled, "seen" | "poll" | "verdict" | "evidence"> {
  const verdict = judge(seen, poll, terms);
  return { seen, poll, verdict, evidence: evidenceOf(verdict, seen, poll) };
}

function withoutHandle({ kind, count }: ResultState & { kind: "answers" }): NonNullable<Poll["rowset"]> {
  return count === undefined ? { kind } : { kind, count };
}
