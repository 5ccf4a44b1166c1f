import type { Evidence } from "#protocol/evidence.ts";
import { endHere, type RunInHand } from "../run/run-in-hand.ts";
import { done, endsWith, type Ending, type Outcome } from "../ending.ts";
import { explain, queryFailed } from "../run/failures.ts";
import type { Flow, ResultState, Shell } from "../run/flow.ts";
import { rowsGivenUp, toldWith, unknownEnding } from "./given-up.ts";
import { runAgain } from "./deadlock.ts";
import { heal } from "./heal.ts";
import type { UsualDuration } from "../verdict/usual-duration.ts";
import type { Performed } from "./perform.ts";
import { pollOnce, type Followed, type Polled } from "./poll.ts";
import { whileRunning } from "../verdict/poll-schedule.ts";
import type { Memory } from "../run/memory.ts";
import { fatalRefusal, refusalNotes, withRefusal, type RefusedQuestions } from "./refused-questions.ts";
import { noteFailures, type Seen } from "../verdict/signals.ts";
import type { Terms } from "../verdict/verdict.ts";
import { slowedBy, waitToPoll, type WaitLimits } from "./waiting.ts";

/** The rows of a query that has ended, why it is believed to have, and how long it took, where that was seen. */
export type Result = ResultState & { kind: "answers" } & { evidence: Evidence; tookMs?: number };

const neverListed =
  "Marketing Cloud never showed a status for this query: an error that it met at the end would not have been seen";
const unreadAtTheEnd =
  "Marketing Cloud's status of this query could not be read when it had ended: an error that it met at the end would not have been seen";
const neverRunning =
  "Marketing Cloud never showed this query at work: should its rows be missing, it may have begun later than expected";
const oddStatus =
  "Marketing Cloud showed a status for this query that this service does not know: if it stands for an error, the result is not whole";

/**
 * Follows a query until it has ended and its rows can be read (D9, D10).
 *
 * @param isFresh the Perform was sent just now: wait before the first question
 */
export async function follow(
  run: RunInHand,
  flow: Flow,
  shell: Shell,
  performed: Performed,
  isFresh: boolean,
): Promise<Outcome<Result>> {
  const { runTimeoutMs, firstPollMs } = run.settings;
  const isTaskKnown = performed.taskId !== undefined;
  const terms = { ...waitsOf(run), sentMs: performed.sentMs, isTaskKnown, rowsProve: flow.rowsProve };
  const refused: RefusedQuestions = new Map();
  const followed = { flow, shell, performed, terms, refused };
  const deadline = performed.at + runTimeoutMs;
  const habit = await habitOf(run);
  let seen = recall(run, performed);
  let isConfirming = seen.unsureSinceMs !== undefined;
  let limits = firstLimits(performed, isFresh ? firstPollMs : 0);
  // Told with a run whose time is over: what the last poll that saw anything saw.
  let last: { evidence?: Evidence } = {};
  for (;;) {
    // What seems to be over is asked by a schedule of its own, which begins anew at 1 s.
    const since = performed.at + (seen.unsureSinceMs ?? 0);
    const waited = await waitToPoll(run, { since, deadline }, limits);
    if (!waited.ok) {
      await keep(run, waited.ending, { seen, habit: habit ?? null });
      return endsWith(withRefusal(refused, toldWith(run, waited.ending, last)));
    }
    run.failPoint("poll");
    const wasRunning = seen.wasRunning === true;
    const polled = await pollOnce({ ...run, signal: untilDeadline(run, deadline) }, followed, seen);
    if (run.signal.aborted) return endHere(run, { kind: "leaving" });
    seen = noteFailures(withUnsure(polled), polled.poll);
    limits = { ...limitsOf(polled, performed, terms, habit), ...slowedBy(seen.runningFailures ?? 0, run.settings) };
    if (seen.wasRunning === true && !wasRunning) await run.memory.save({ seen });
    const { verdict, evidence, unreadable } = polled;
    run.trace.verdict(performed.n, evidence);
    if (unreadable !== undefined) return endHere(run, rowsGivenUp(run, unreadable.message, { evidence }));
    if (isNews(polled)) last = { evidence };
    if (verdict.kind === "failed") return endFailed(run, followed, { ...polled, verdict });
    if (verdict.kind !== "running" && !isConfirming) {
      isConfirming = true;
      run.report.put({ type: "confirming", evidence });
      run.failPoint("confirm:before");
    }
    if (verdict.kind === "done" && polled.result !== undefined) {
      if (isTaskKnown) run.notes.push(...doubtsOf(polled), ...refusalNotes(refused));
      return done({ ...polled.result, evidence, ...durationOf(seen, evidence) });
    }
    const fatal = fatalOf(polled) ?? fatalRefusal(refused, isTaskKnown);
    const doing = verdict.kind === "running" ? "following the query" : "reading the result";
    if (fatal !== undefined) return endHere(run, { kind: "failed", error: explain(fatal, doing, run.spec) });
  }
}

/** How a run ends whose query has failed, or whose end nobody can tell; a second shell may be worth a try. */
async function endFailed(
  run: RunInHand,
  { flow, shell, performed, terms, refused }: Followed,
  { verdict, evidence, seen }: Polled & { verdict: { kind: "failed" } },
): Promise<Outcome<never>> {
  if (verdict.why === "never-shown") {
    const known = seen.wasRunning === true ? "unread" : "taken";
    const ending = await unknownEnding(run, terms.isTaskKnown ? known : "ran", { at: performed.at, evidence });
    return endHere(run, withRefusal(refused, ending));
  }
  const again =
    (await heal(run, flow, shell, performed, verdict.message)) ??
    (await runAgain(run, flow, shell, performed, verdict.message));
  if (again !== undefined) return again;
  const error = queryFailed({ ...run.spec, columns: shell.columns }, verdict.message);
  return endHere(run, { kind: "failed", error, evidence });
}

/** A read that hangs must not keep the run beyond its deadline; the wait after it then says that it is over. */
function untilDeadline({ signal, now, settings, platform }: RunInHand, deadline: number): AbortSignal {
  const leftMs = deadline - now();
  return leftMs > settings.readTimeoutMs ? signal : AbortSignal.any([signal, platform.timeout(leftMs)]);
}

function waitsOf({ settings }: RunInHand) {
  const { notRunningGraceMs: graceMs, settleMs, stoppedAloneMs } = settings;
  return { graceMs, settleMs, stoppedAloneMs };
}

/** What its user has to know of how a query's end was told. */
function doubtsOf({ seen: { status = "missing" }, poll, verdict, result }: Polled): string[] {
  if (status === "missing") return [neverListed];
  if (status === "other") return [oddStatus];
  if (poll.row === undefined) return [unreadAtTheEnd];
  const isUnseen = verdict.kind === "done" && verdict.why === "never-seen-running";
  return isUnseen && !result?.count ? [neverRunning] : [];
}

/** Asked once per run, not once per start. */
async function habitOf(run: RunInHand): Promise<UsualDuration | undefined> {
  const { habit } = run.memory.read();
  return habit === undefined ? run.durations.read(run.spec) : (habit ?? undefined);
}

/** The next start goes on from what this one has seen. */
async function keep({ memory }: RunInHand, { kind }: Ending, part: Memory): Promise<void> {
  if (kind === "later" || kind === "leaving") await memory.save(part);
}

/** What an earlier start has seen of this Perform. */
function recall(run: RunInHand, { n }: Performed): Seen {
  const { seen } = run.memory.read();
  return seen?.n === n ? seen : { n };
}

/** Since when the query has seemed to be over; signals that take it back begin a new count, silence does not. */
function withUnsure(polled: Polled): Seen {
  const { seen, verdict, poll } = polled;
  if (!isNews(polled)) return seen;
  const { unsureSinceMs = poll.sinceMs, ...rest } = seen;
  return verdict.kind === "running" ? { ...rest, runningAtMs: poll.sinceMs } : { ...rest, unsureSinceMs };
}

function isNews({ poll }: Polled): boolean {
  return poll.row !== undefined || poll.isRunning !== undefined;
}

/** It ended between the last poll that saw it run and the first that did not; ends inferred from silence teach nothing. */
function durationOf({ runningAtMs = 0, unsureSinceMs }: Seen, { why }: Evidence): { tookMs?: number } {
  const isInferred = why === "never-seen-running" || why === "stopped-after-processing";
  return isInferred || unsureSinceMs === undefined ? {} : { tookMs: (runningAtMs + unsureSinceMs) / 2 };
}

/** A poll that failed is no news, unless no later one can succeed either. */
function fatalOf({ failures }: Polled) {
  return failures.find(({ kind }) => kind === "unauthorized" || kind === "forbidden");
}

/**
 * A habit never puts off the first poll: an end that nobody saw begin takes long to believe. A start that goes on with a
 * run waits for no more than the business unit's budget.
 */
function firstLimits({ at }: Performed, afterMs: number): WaitLimits {
  return { atLeastMs: 0, firstAt: at + afterMs };
}

/** It was seen at work, or has had the time to begin: then it is asked by the slower curve. */
function isUnderWay({ seen, poll }: Polled, { graceMs }: { graceMs: number }): boolean {
  return seen.wasRunning === true || seen.status === "processing" || poll.sinceMs > graceMs;
}

/** MCE's own wish, the moment at which the signals of this poll would say more, and the habit while it may count. */
function limitsOf(polled: Polled, performed: Performed, terms: Terms, habit: UsualDuration | undefined): WaitLimits {
  const { failures, verdict } = polled;
  const atLeastMs = Math.max(0, ...failures.map((failure) => (failure.kind === "throttled" ? failure.waitMs : 0)));
  const decisiveAtMs = "decisiveAtMs" in verdict ? verdict.decisiveAtMs : undefined;
  return {
    atLeastMs,
    ...(decisiveAtMs === undefined ? {} : { decisiveAt: performed.at + decisiveAtMs }),
    ...(verdict.kind === "running" && isUnderWay(polled, terms) ? { curve: whileRunning } : {}),
    ...(habit === undefined || verdict.kind !== "running" ? {} : { habit }),
  };
}
