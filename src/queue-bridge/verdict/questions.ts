import type { Poll, Question, Seen } from "./signals.ts";
import type { Terms } from "./verdict.ts";

/** A row that says Processing is taken for true so many graces long before `isrunning` is asked as well. */
const trustGraces = 10;

/**
 * What a poll asks next (D10): one question while one answer is enough. `isrunning` first until it has said true once,
 * because before that its false means nothing; then the row, which alone tells of an error, while it moves. What was asked in
 * vain comes last.
 *
 * @param seen with what this poll has brought so far
 * @param asked this poll's questions so far; their answers may not have been readable
 * @returns undefined when nothing more is to be asked
 */
export function nextQuestion(
  seen: Seen,
  poll: Poll,
  asked: ReadonlySet<Question>,
  terms: Pick<Terms, "graceMs" | "isTaskKnown">,
): Question | undefined {
  const open = (question: Question) => (asked.has(question) ? undefined : question);
  if (!terms.isTaskKnown) return open("isRunning");
  if (asked.size === 0) return firstOf(seen);
  if (asked.has("isRunning")) return poll.isRunning === true ? undefined : open("row");
  return isRowEnough(seen, poll, terms) ? undefined : open("isRunning");
}

/**
 * What was asked in vain does not come first again: when MCE refuses it for too many calls, it wants to be left alone, and
 * whatever comes after it is never asked.
 */
function firstOf(seen: Seen): Question {
  if (seen.silent !== undefined) return seen.silent === "row" ? "isRunning" : "row";
  return seen.wasRunning === true && isMoving(seen) ? "row" : "isRunning";
}

/** A row that was never asked for counts as one that moves. */
function isMoving({ status = "processing" }: Seen): boolean {
  return status === "processing" || status === "complete";
}

function isRowEnough(seen: Seen, poll: Poll, { graceMs }: Pick<Terms, "graceMs">): boolean {
  if (poll.row === undefined) return false;
  const { status, completeSinceMs = Infinity, stoppedAtMs, askedRunningMs = 0 } = seen;
  if (status === "error") return true;
  if (status === "complete") {
    // A Complete that has stood for a grace is believed whatever isrunning says (verdict.ts).
    const stands = poll.sinceMs >= completeSinceMs + graceMs;
    return stands || (stoppedAtMs !== undefined && stoppedAtMs >= completeSinceMs);
  }
  const isTrusted = poll.sinceMs - askedRunningMs < Math.max(trustGraces * graceMs, askedRunningMs);
  return status === "processing" && stoppedAtMs === undefined && isTrusted;
}
