import { given } from "#lang/given.ts";
import { err, ok } from "#lang/result.ts";
import type { Evidence } from "#protocol/evidence.ts";
import { endHere, type RunInHand } from "../run/run-in-hand.ts";
import type { Ending, Outcome } from "../ending.ts";
import { explain } from "../run/failures.ts";
import { queryFailed } from "../run/query-failures.ts";
import type { Flow, ResultState, Shell } from "../run/flow.ts";
import { rowsGivenUp, withEvidence, unknownEnding } from "./given-up.ts";
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

/** The rows of a query that has ended, the evidence for that, and how long it took, if that was seen. */
export type Result = ResultState & { kind: "answers" } & { evidence: Evidence; tookMs?: number };

const neverListed =
  "Marketing Cloud never showed a status for this query: an error at its end would not have been seen";
const unreadAtTheEnd =
  "Marketing Cloud's status of this query could not be read at its end: an error there would not have been seen";
const neverRunning =
  "Marketing Cloud never showed this query running: if rows are missing, it may have begun later than expected";
const oddStatus =
  "Marketing Cloud showed a status for this query that this service does not know: if it means an error, the result is incomplete";

/**
 * Follows a query until it has ended and its rows can be read (D9, D10).
 *
 * @param isFresh Perform was sent just now: wait before the first poll
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
  const usual = await usualOf(run);
  let seen = recall(run, performed);
  let isConfirming = seen.unsureSinceMs !== undefined;
  let limits = firstLimits(performed, isFresh ? firstPollMs : 0);
  // The evidence of the last poll that brought any, for a run that times out.
  let last: { evidence?: Evidence } = {};
  for (;;) {
    // A query that seems to be over has a schedule of its own, which starts at 1 s again.
    const since = performed.at + (seen.unsureSinceMs ?? 0);
    const waited = await waitToPoll(run, { since, deadline }, limits);
    if (!waited.ok) {
      await keep(run, waited.error, { seen, habit: usual ?? null });
      return err(withRefusal(refused, withEvidence(run, waited.error, last)));
    }
    run.failPoint("poll");
    const wasRunning = seen.wasRunning === true;
    const polled = await pollOnce({ ...run, signal: untilDeadline(run, deadline) }, followed, seen);
    if (run.signal.aborted) return endHere(run, { kind: "leaving" });
    seen = noteFailures(withUnsure(polled), polled.poll);
    limits = { ...limitsOf(polled, performed, terms, usual), ...slowedBy(seen.runningFailures ?? 0, run.settings) };
    if (seen.wasRunning === true && !wasRunning) await run.memory.save({ seen });
    const { verdict, evidence, unreadable } = polled;
    run.trace.verdict(performed.n, evidence);
    if (isNews(polled)) last = { evidence };
    const seemsOver = verdict.kind === "unsure" || verdict.kind === "done";
    if (seemsOver && unreadable === undefined && !isConfirming) {
      isConfirming = true;
      run.report.put({ type: "confirming", evidence });
      run.failPoint("confirm:before");
    }
    const end = await endAfter(run, followed, polled, seen);
    if (end !== undefined) return end;
  }
}

/** What a poll has decided; undefined when the query must be followed further. @param seen with this poll */
async function endAfter(
  run: RunInHand,
  followed: Followed,
  polled: Polled,
  seen: Seen,
): Promise<Outcome<Result> | undefined> {
  const { verdict, evidence, unreadable, result } = polled;
  const { refused, terms } = followed;
  if (unreadable !== undefined) return endHere(run, rowsGivenUp(run, unreadable.message, { evidence }));
  if (verdict.kind === "failed") return endFailed(run, followed, { ...polled, verdict });
  if (verdict.kind === "done" && result !== undefined) {
    if (terms.isTaskKnown) run.notes.push(...doubtsOf(polled), ...refusalNotes(refused));
    return ok({ ...result, evidence, ...durationOf(seen, evidence) });
  }
  const fatal = fatalOf(polled) ?? fatalRefusal(refused, terms.isTaskKnown);
  if (fatal === undefined) return undefined;
  const doing = verdict.kind === "running" ? "following the query" : "reading the result";
  return endHere(run, { kind: "failed", error: explain(fatal, doing, run.spec) });
}

/** How a run ends when its query has failed or its end is unknown; a second shell may help. */
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

/** Aborts a read at the run's deadline, so that one that hangs does not delay the end; the next wait then ends the run. */
function untilDeadline({ signal, now, settings, platform }: RunInHand, deadline: number): AbortSignal {
  const leftMs = deadline - now();
  return leftMs > settings.readTimeoutMs ? signal : AbortSignal.any([signal, platform.timeout(leftMs)]);
}

function waitsOf({ settings }: RunInHand) {
  const { notRunningGraceMs: graceMs, settleMs, stoppedAloneMs } = settings;
  return { graceMs, settleMs, stoppedAloneMs };
}

/** Notes for the user about how the end of the query was recognized. */
function doubtsOf({ seen: { status = "missing" }, poll, verdict, result }: Polled): string[] {
  if (status === "missing") return [neverListed];
  if (status === "other") return [oddStatus];
  if (poll.row === undefined) return [unreadAtTheEnd];
  const isUnseen = verdict.kind === "done" && verdict.why === "never-seen-running";
  return isUnseen && !result?.count ? [neverRunning] : [];
}

/** The usual duration, read once per run instead of once per start. */
async function usualOf(run: RunInHand): Promise<UsualDuration | undefined> {
  const { habit: usual } = run.memory.read();
  return usual === undefined ? run.durations.read(run.spec) : (usual ?? undefined);
}

/** Keeps what this start has seen for the next. */
async function keep({ memory }: RunInHand, { kind }: Ending, part: Memory): Promise<void> {
  if (kind === "later" || kind === "leaving") await memory.save(part);
}

/** What an earlier start has seen of this Perform. */
function recall(run: RunInHand, { n }: Performed): Seen {
  const { seen } = run.memory.read();
  return seen?.n === n ? seen : { n };
}

/** Adds since when the query has seemed to be over; signals against it reset that, silence does not. */
function withUnsure(polled: Polled): Seen {
  const { seen, verdict, poll } = polled;
  if (!isNews(polled)) return seen;
  const { unsureSinceMs = poll.sinceMs, ...rest } = seen;
  return verdict.kind === "running" ? { ...rest, runningAtMs: poll.sinceMs } : { ...rest, unsureSinceMs };
}

function isNews({ poll }: Polled): boolean {
  return poll.row !== undefined || poll.isRunning !== undefined;
}

/** The middle between the last poll that saw it run and the first that did not; an inferred end gives no duration. */
function durationOf({ runningAtMs = 0, unsureSinceMs }: Seen, { why }: Evidence): { tookMs?: number } {
  const isInferred = why === "never-seen-running" || why === "stopped-after-processing";
  const isKnown = !isInferred && unsureSinceMs !== undefined;
  return given({ tookMs: isKnown ? (runningAtMs + unsureSinceMs) / 2 : undefined });
}

/** The failure after which no later poll can succeed. */
function fatalOf({ failures }: Polled) {
  return failures.find(({ kind }) => kind === "unauthorized" || kind === "forbidden");
}

/**
 * The usual duration never delays the first poll, because a query that was never seen running needs longer for a verdict. A
 * start that continues a run waits only for the call budget.
 */
function firstLimits({ at }: Performed, afterMs: number): WaitLimits {
  return { atLeastMs: 0, firstAt: at + afterMs };
}

/** Whether it was seen running, or has had time to begin: then the slower curve applies. */
function isUnderWay({ seen, poll }: Polled, { graceMs }: { graceMs: number }): boolean {
  return seen.wasRunning === true || seen.status === "processing" || poll.sinceMs > graceMs;
}

/** The wait that MCE asks for, when this poll's signals alone lead to a verdict, and the usual duration while it applies. */
function limitsOf(polled: Polled, performed: Performed, terms: Terms, usual: UsualDuration | undefined): WaitLimits {
  const { failures, verdict } = polled;
  const atLeastMs = Math.max(0, ...failures.map((failure) => (failure.kind === "throttled" ? failure.waitMs : 0)));
  const decisiveAtMs = "decisiveAtMs" in verdict ? verdict.decisiveAtMs : undefined;
  const isRunning = verdict.kind === "running";
  return {
    atLeastMs,
    ...given({
      decisiveAt: decisiveAtMs === undefined ? undefined : performed.at + decisiveAtMs,
      curve: isRunning && isUnderWay(polled, terms) ? whileRunning : undefined,
      usual: isRunning ? usual : undefined,
    }),
  };
}
