import { given } from "#lang/given.ts";
import type { Evidence } from "#protocol/evidence.ts";
import { isErrorStatus, type Poll, type Seen } from "./signals.ts";

type Why = Evidence["why"];

export type Verdict =
  /** `decisiveAtMs`: when, since Perform, the same signals would lead to another verdict. */
  | { kind: "running"; decisiveAtMs?: number }
  /** The query seems to be over, but that is not certain yet; `wantsRows`: ask the rowset now. */
  | { kind: "unsure"; why: Why; wantsRows: boolean; decisiveAtMs?: number }
  | { kind: "done"; why: Why }
  /** `message` is MCE's own text, unmasked; empty when MCE gave none. */
  | { kind: "failed"; why: "error-status" | "error-message"; message: string }
  /** It is unknown whether the query ever began, or succeeded. */
  | { kind: "failed"; why: "never-shown" };

/** What a verdict depends on besides the signals. */
export type Terms = {
  /** How long after the start `isrunning` may still be false (MCE 5.5). */
  graceMs: number;
  /** How long signals that prove little on their own must last. */
  settleMs: number;
  /** How long `isrunning` must stay false when nothing else confirms it. */
  stoppedAloneMs: number;
  /** From the grant until Perform was answered or given up: until then MCE had nothing to show. */
  sentMs: number;
  /** False after a lost answer to Perform: then no status row can be matched to this run (D4). */
  isTaskKnown: boolean;
  /** The table belongs to this run alone, so rows in it are the run's. Rows of any other table prove nothing. */
  rowsProve: boolean;
};

/** Graces that a query gets to begin if it was never seen running and no rows prove it. */
const beginGraces = 2;
/** Graces to wait for a status row that cannot be read when the query has ended. */
const unreadGraces = 15;
/** Graces for which Processing, into a user's table whose rows prove nothing, outweighs an `isrunning` that was never true. */
const processingGraces = 15;

/**
 * Decides whether a query has ended (D9), from this poll and all earlier ones. Pure; with an empty history it only takes
 * longer.
 */
export function judge(seen: Seen, poll: Poll, terms: Terms): Verdict {
  if (typeof poll.row === "object" && seen.status === "error") {
    const { status, errorMsg } = poll.row;
    const hasMessage = errorMsg !== "" || /^\s*error\s*$/i.test(status);
    return {
      kind: "failed",
      why: isErrorStatus(status) ? "error-status" : "error-message",
      message: hasMessage ? errorMsg : `Status: ${status}`,
    };
  }
  const end = endOf(seen, poll, terms);
  return end.kind === "ended" ? judgeRows(end.why, seen, poll, terms) : end;
}

type End = { kind: "ended"; why: Why } | (Verdict & { kind: "running" | "unsure" });

/** Whether MCE has stopped working on it: at once if two signals agree; a single one must last for a while. */
function endOf(seen: Seen, poll: Poll, terms: Terms): End {
  const { graceMs, settleMs, stoppedAloneMs, sentMs, rowsProve } = terms;
  const { completeSinceMs, stoppedSinceMs, stoppedAtMs = -1, wasRunning = false, status } = seen;
  // If it was not asked again, its answer since the row became Complete still counts.
  const isStopped =
    poll.isRunning === false || (poll.isRunning === undefined && stoppedAtMs >= (completeSinceMs ?? Infinity));
  // A Complete of an earlier poll does not count: it may have been revoked.
  if (completeSinceMs !== undefined && poll.row !== undefined) {
    if (isStopped && (wasRunning || poll.sinceMs >= sentMs + graceMs))
      return { kind: "ended", why: "complete-and-stopped" };
    // Right after the start `isrunning` proves nothing, and a first Complete may be revoked.
    const decisiveAtMs = completeSinceMs + (isStopped ? settleMs : graceMs);
    if (poll.sinceMs >= decisiveAtMs) return { kind: "ended", why: "complete-stands" };
    const why = isStopped ? "not-settled" : "still-said-to-run";
    return { kind: "unsure", why, wantsRows: isStopped && rowsProve, decisiveAtMs };
  }
  if (!isStopped || stoppedSinceMs === undefined) return { kind: "running" };
  if (status === "processing") {
    const decisiveAtMs = stoppedSinceMs + graceMs;
    const isDecided = wasRunning && poll.sinceMs >= decisiveAtMs;
    if (isDecided) return { kind: "ended", why: "stopped-after-processing" };
    if (wasRunning) return { kind: "running", decisiveAtMs };
    return neverSeen(poll, stoppedSinceMs + (rowsProve ? 1 : processingGraces) * graceMs, terms);
  }
  if (!wasRunning) return neverSeen(poll, stoppedSinceMs + settleMs, terms);
  const settledAtMs = stoppedSinceMs + (hasRows(poll, terms) ? settleMs : stoppedAloneMs);
  const decisiveAtMs = Math.max(settledAtMs, rowDueAt(poll, terms));
  if (poll.sinceMs >= decisiveAtMs) return { kind: "ended", why: "stopped-after-running" };
  const why = poll.sinceMs < settledAtMs ? "not-settled" : "not-listed-yet";
  return { kind: "unsure", why, wantsRows: rowsProve, decisiveAtMs };
}

/** Until when a status row with an error may still appear: it comes late (MCE 6). */
function rowDueAt(poll: Poll, terms: Terms): number {
  const mayComeLate = terms.isTaskKnown && poll.row === "missing" && !hasRows(poll, terms);
  return mayComeLate ? terms.sentMs + terms.graceMs : 0;
}

/** Whether there are rows that only this query can have written. */
function hasRows({ rowset }: Poll, { rowsProve }: Terms): boolean {
  return rowsProve && rowset?.kind === "answers" && rowset.count !== undefined && rowset.count > 0;
}

/** For a query that was never seen running: a short one may be over before `isrunning` is ever true. */
function neverSeen(poll: Poll, settledAtMs: number, { sentMs, graceMs }: Terms): End {
  const decisiveAtMs = Math.max(sentMs + graceMs, settledAtMs);
  if (poll.sinceMs >= decisiveAtMs) return { kind: "ended", why: "never-seen-running" };
  return { kind: "running", decisiveAtMs };
}

/** For a query that has ended: whether its result can be read, and whether it ever ran. */
function judgeRows(why: Why, seen: Seen, poll: Poll, terms: Terms): Verdict {
  const { graceMs, settleMs, sentMs, isTaskKnown, rowsProve } = terms;
  const { rowset, sinceMs } = poll;
  // A row that could not be read now may contain an error; a query that fails may leave rows.
  const isUnread = isTaskKnown && poll.row === undefined;
  if (isUnread && !hasRows(poll, terms) && (rowset !== undefined || !rowsProve)) return judgeUnread(seen, poll, terms);
  if (rowset === undefined) return { kind: "unsure", why: "rowset-not-asked", wantsRows: true };
  if (rowset.kind === "silent") return { kind: "unsure", why: "rowset-silent", wantsRows: false };
  const isProven = hasRows(poll, terms);
  const wasSeen = seen.wasRunning === true || (seen.status !== undefined && seen.status !== "missing");
  const readableByMs = (seen.stoppedSinceMs ?? sinceMs) + graceMs;
  if (isProven && isUnread && sinceMs < readableByMs) {
    return { kind: "unsure", why: "not-listed-yet", wantsRows: false, decisiveAtMs: readableByMs };
  }
  if (!isProven) {
    const decisiveAtMs = sentMs + beginGraces * graceMs;
    if (why === "never-seen-running" && sinceMs < decisiveAtMs) {
      return { kind: "unsure", why: "may-not-have-begun", wantsRows: false, decisiveAtMs };
    }
    if (!isTaskKnown || !wasSeen) return { kind: "failed", why: "never-shown" };
  }
  // With two signals of the end and rows, nothing more will come. Otherwise the rows are counted twice.
  const mayGrow = rowsProve && !(isProven && why === "complete-and-stopped");
  const decisiveAtMs = (seen.rows?.sinceMs ?? sinceMs) + settleMs;
  if (mayGrow && sinceMs < decisiveAtMs) {
    return { kind: "unsure", why: "rows-not-settled", wantsRows: false, decisiveAtMs };
  }
  return { kind: "done", why };
}

/** Only the row can show how it ended; after a while it is given up. */
function judgeUnread({ stoppedSinceMs }: Seen, { sinceMs }: Poll, { graceMs }: Terms): Verdict {
  const decisiveAtMs = (stoppedSinceMs ?? sinceMs) + unreadGraces * graceMs;
  if (sinceMs >= decisiveAtMs) return { kind: "failed", why: "never-shown" };
  return { kind: "unsure", why: "not-listed-yet", wantsRows: false, decisiveAtMs };
}

/** The verdict and what it is based on, for people. */
export function evidenceOf(verdict: Verdict, seen: Seen, poll: Poll): Evidence {
  const { rowset } = poll;
  return {
    verdict: verdict.kind,
    why: verdict.kind === "running" ? "no-sign-of-the-end" : verdict.why,
    sincePerformMs: Math.max(0, Math.round(poll.sinceMs)),
    ...given({ status: seen.status, isRunning: poll.isRunning }),
    wasRunning: seen.wasRunning === true,
    ...given({ rows: rowset?.kind === "answers" ? rowset.count : rowset?.kind }),
  };
}
