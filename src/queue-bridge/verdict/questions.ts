import type { Poll, Question, Seen } from "./signals.ts";
import type { Terms } from "./verdict.ts";

/** Graces for which a row that says Processing is trusted before `isrunning` is asked too. */
const trustGraces = 10;

/**
 * What a poll asks next (D10): one question if one answer is enough. `isrunning` comes first until it was true once, because
 * before that its false means nothing; then the row, which alone shows an error, while it moves. A question that failed comes
 * last.
 *
 * @param seen with what this poll has brought so far
 * @param asked this poll's questions so far, whether they were answered or not
 * @returns undefined when the poll is complete
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
 * A question that failed does not come first again: if MCE refuses it with HTTP 429, the call budget pauses, and the question
 * after it would never be asked.
 */
function firstOf(seen: Seen): Question {
  if (seen.silent !== undefined) return seen.silent === "row" ? "isRunning" : "row";
  return seen.wasRunning === true && isMoving(seen) ? "row" : "isRunning";
}

/** Whether the row is still changing; a row that was never read counts as one. */
function isMoving({ status = "processing" }: Seen): boolean {
  return status === "processing" || status === "complete";
}

function isRowEnough(seen: Seen, poll: Poll, { graceMs }: Pick<Terms, "graceMs">): boolean {
  if (poll.row === undefined) return false;
  const { status, completeSinceMs = Infinity, stoppedAtMs, askedRunningMs = 0 } = seen;
  if (status === "error") return true;
  if (status === "complete") {
    // A Complete that has lasted for a grace counts, even if `isrunning` is true (verdict.ts).
    const stands = poll.sinceMs >= completeSinceMs + graceMs;
    return stands || (stoppedAtMs !== undefined && stoppedAtMs >= completeSinceMs);
  }
  const isTrusted = poll.sinceMs - askedRunningMs < Math.max(trustGraces * graceMs, askedRunningMs);
  return status === "processing" && stoppedAtMs === undefined && isTrusted;
}
