import { given } from "#lang/given.ts";
import type { Evidence } from "#protocol/evidence.ts";
import { isErrorStatus, type Poll, type Seen } from "./signals.ts";

type Why = Evidence["why"];

export type Verdict =
  /** `decisiveAtMs`: when, since Perform, the same signals would say more. */
  | { kind: "running"; decisiveAtMs?: number }
  /** The query seems to be over, but nobody may be told yet; `wantsRows`: the rowset is to be asked now. */
  | { kind: "unsure"; why: Why; wantsRows: boolean; decisiveAtMs?: number }
  | { kind: "done"; why: Why }
  /** `message` is MCE's own text, unmasked; empty when MCE gave none. */
  | { kind: "failed"; why: "error-status" | "error-message"; message: string }
  /** It is not sure that the query ever began, or that it ended well. */
  | { kind: "failed"; why: "never-shown" };

/** What a verdict depends on besides the signals. */
export type Terms = {
  /** `isrunning` may be false for a while right after the start (MCE 5.5); later it counts by itself. */
  graceMs: number;
  /** Signals that prove little alone have to stand for so long. */
  settleMs: number;
  /** `isrunning` gone false has to stand for so long when nothing else bears it out. */
  stoppedAloneMs: number;
  /** When Perform was answered, or given up, since the grant: until then MCE had nothing to tell. */
  sentMs: number;
  /** False after a lost answer to Perform: then nothing ties a status row to this run (D4). */
  isTaskKnown: boolean;
  /** The table was made for this run alone, so that rows in it are the run's. Of another table they say nothing. */
  rowsProve: boolean;
};

/** Where nobody ever saw the query run and no row can prove it, it gets so many graces to begin. */
const beginGraces = 2;
/** A status row that cannot be read when the query has ended is waited for so many graces. */
const unreadGraces = 15;
/** Into a table of the user's nobody writes before the end is sure: Processing outweighs an `isrunning` that was never true. */
const processingGraces = 15;

/**
 * Judges whether a query has ended (D9), from this poll and all before it. Pure; with an empty history it only takes
 * longer.
 */
export function judge(seen: Seen, poll: Poll, terms: Terms): Verdict {
  if (typeof poll.row === "object" && seen.status === "error") {
    const { status, errorMsg } = poll.row;
    const isTold = errorMsg !== "" || /^\s*error\s*$/i.test(status);
    return {
      kind: "failed",
      why: isErrorStatus(status) ? "error-status" : "error-message",
      message: isTold ? errorMsg : `Status: ${status}`,
    };
  }
  const end = endOf(seen, poll, terms);
  return end.kind === "ended" ? judgeRows(end.why, seen, poll, terms) : end;
}

type End = { kind: "ended"; why: Why } | (Verdict & { kind: "running" | "unsure" });

/** Has MCE stopped working on it? Two signals that agree say so at once; one alone has to stand for a while. */
function endOf(seen: Seen, poll: Poll, terms: Terms): End {
  const { graceMs, settleMs, stoppedAloneMs, sentMs, rowsProve } = terms;
  const { completeSinceMs, stoppedSinceMs, stoppedAtMs = -1, wasRunning = false, status } = seen;
  // Not asked again: what it said since the row says Complete stands.
  const isStopped =
    poll.isRunning === false || (poll.isRunning === undefined && stoppedAtMs >= (completeSinceMs ?? Infinity));
  // A Complete of an earlier poll is none: it may have been taken back since.
  if (completeSinceMs !== undefined && poll.row !== undefined) {
    if (isStopped && (wasRunning || poll.sinceMs >= sentMs + graceMs))
      return { kind: "ended", why: "complete-and-stopped" };
    // Right after the start `isrunning` is no witness, and a first Complete may be taken back.
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
  const decisiveAtMs = Math.max(settledAtMs, toldAt(poll, terms));
  if (poll.sinceMs >= decisiveAtMs) return { kind: "ended", why: "stopped-after-running" };
  const why = poll.sinceMs < settledAtMs ? "not-settled" : "not-listed-yet";
  return { kind: "unsure", why, wantsRows: rowsProve, decisiveAtMs };
}

/** Until when the status row may still say that the query failed: it comes late (MCE 6). */
function toldAt(poll: Poll, terms: Terms): number {
  const mayComeLate = terms.isTaskKnown && poll.row === "missing" && !hasRows(poll, terms);
  return mayComeLate ? terms.sentMs + terms.graceMs : 0;
}

/** Rows that only this query can have written. */
function hasRows({ rowset }: Poll, { rowsProve }: Terms): boolean {
  return rowsProve && rowset?.kind === "answers" && rowset.count !== undefined && rowset.count > 0;
}

/** A short query may be over before `isrunning` ever says true. */
function neverSeen(poll: Poll, standsAtMs: number, { sentMs, graceMs }: Terms): End {
  const decisiveAtMs = Math.max(sentMs + graceMs, standsAtMs);
  if (poll.sinceMs >= decisiveAtMs) return { kind: "ended", why: "never-seen-running" };
  return { kind: "running", decisiveAtMs };
}

/** It has ended. Can its result be had, and was there one at all? */
function judgeRows(why: Why, seen: Seen, poll: Poll, terms: Terms): Verdict {
  const { graceMs, settleMs, sentMs, isTaskKnown, rowsProve } = terms;
  const { rowset, sinceMs } = poll;
  // A row that could not be read just now may be the one that tells of an error; a query that fails may leave rows.
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
  // Two witnesses of the end and rows there: nothing is still to come. Anything less is looked at twice.
  const mayGrow = rowsProve && !(isProven && why === "complete-and-stopped");
  const decisiveAtMs = (seen.rows?.sinceMs ?? sinceMs) + settleMs;
  if (mayGrow && sinceMs < decisiveAtMs) {
    return { kind: "unsure", why: "rows-not-settled", wantsRows: false, decisiveAtMs };
  }
  return { kind: "done", why };
}

/** Nothing but the row could tell how it ended; after a while nobody will. */
function judgeUnread({ stoppedSinceMs }: Seen, { sinceMs }: Poll, { graceMs }: Terms): Verdict {
  const decisiveAtMs = (stoppedSinceMs ?? sinceMs) + unreadGraces * graceMs;
  if (sinceMs >= decisiveAtMs) return { kind: "failed", why: "never-shown" };
  return { kind: "unsure", why: "not-listed-yet", wantsRows: false, decisiveAtMs };
}

/** The verdict and what it rests on, for whoever wants to know why. */
export function evidenceOf(verdict: Verdict, seen: Seen, poll: Poll): Evidence {
  const { rowset } = poll;
  return {
    verdict: verdict.kind,
    why: verdict.kind === "running" ? "no-sign-of-the-end" : verdict.why,
    sincePerformMs: Math.max(0, Math.round(poll.sinceMs)),
    ...given({ status: seen.status, isRunning: poll.isRunning }),
    wasRunning: seen.wasRunning === true,
    ...(rowset?.kind === "silent" ? { rows: rowset.kind } : {}),
    ...(rowset?.kind === "answers" && rowset.count !== undefined ? { rows: rowset.count } : {}),
  };
}
