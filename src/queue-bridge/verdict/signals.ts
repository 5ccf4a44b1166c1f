import { given } from "#lang/given.ts";
import { z } from "zod";
import { Evidence, type StatusWord } from "#protocol/evidence.ts";

/**
 * The rows of the table that a query writes to; `silent`: the rowset does not answer yet; without `count`: they are not
 * counted, because they prove nothing.
 */
type Rowset = { kind: "silent" } | { kind: "answers"; count?: number };

/** The two questions to MCE about a query that runs: its status row, and `isrunning`. */
export type Question = "row" | "isRunning";

/** MCE's answers in one poll. An absent member was not asked, or had no readable answer. */
export type Poll = {
  /** Time since Perform, by the run object's clock. */
  sinceMs: number;
  /** AsyncActivityStatus row of the TaskID; its CompletedDate is not a signal (MCE 6). */
  row?: "missing" | { status: string; errorMsg: string };
  isRunning?: boolean;
  /** The questions that failed, in order. */
  failed?: Question[];
  /** MCE could not answer `isrunning`, for another reason than throttling. */
  isRunningAway?: boolean;
  rowset?: Rowset;
};

/**
 * What the polls of one Perform have shown so far; its times count from Perform. The job keeps it as a cache: without it the
 * verdict comes later, but is never wrong (D9).
 */
export const Seen = z.object({
  /** Number of the Perform; signals of an earlier one do not count. */
  n: z.int(),
  status: Evidence.shape.status,
  wasRunning: z.boolean().optional(),
  /** Every status row since then was Complete. */
  completeSinceMs: z.number().optional(),
  /** Every answer of `isrunning` since then was false; the last came at `stoppedAtMs`. */
  stoppedSinceMs: z.number().optional(),
  stoppedAtMs: z.number().optional(),
  /** When `isrunning` last answered. */
  askedRunningMs: z.number().optional(),
  /** The first question that failed: a row until the next answer of any kind, `isrunning` until its own. */
  silent: z.enum(["row", "isRunning"]).optional(),
  /** How many times in a row MCE could not answer `isrunning`. */
  runningFailures: z.int().optional(),
  /** The rowset has shown this many rows since then. */
  rows: z.object({ count: z.int(), sinceMs: z.number() }).optional(),
  /** When it was last judged to run. */
  runningAtMs: z.number().optional(),
  /** The query has seemed to be over since then. */
  unsureSinceMs: z.number().optional(),
});
export type Seen = z.infer<typeof Seen>;

/** Adds one poll to what was seen. Pure; what the poll did not answer stays as it was. */
export function look(seen: Seen, { sinceMs, row, isRunning, rowset }: Poll): Seen {
  const next = { ...seen };
  if (row !== undefined) {
    next.status = wordOf(row);
    if (next.status === "complete") next.completeSinceMs ??= sinceMs;
    else delete next.completeSinceMs;
  }
  if (isRunning !== undefined) next.askedRunningMs = sinceMs;
  if (isRunning === true) {
    next.wasRunning = true;
    delete next.stoppedSinceMs;
    delete next.stoppedAtMs;
  }
  if (isRunning === false) {
    next.stoppedSinceMs ??= sinceMs;
    next.stoppedAtMs = sinceMs;
  }
  if (rowset?.kind === "silent") delete next.rows;
  if (rowset?.kind === "answers" && rowset.count !== undefined && rowset.count !== next.rows?.count) {
    next.rows = { count: rowset.count, sinceMs };
  }
  return next;
}

/** Adds the questions that failed in a poll. Pure; call it once for each poll. */
export function noteFailures({ silent, runningFailures = 0, ...seen }: Seen, poll: Poll): Seen {
  const { row, isRunning, failed = [], isRunningAway = false } = poll;
  // A row that was refused comes first again after the next answer: it alone shows an error.
  const isAnswered = isRunning !== undefined || (silent === "row" && row !== undefined);
  const next = failed[0] ?? (isAnswered ? undefined : silent);
  const count = isRunning === undefined ? runningFailures + Number(isRunningAway) : 0;
  return { ...seen, ...given({ silent: next, runningFailures: count === 0 ? undefined : count }) };
}

/** MCE's words for a failure are not proven (MCE 6, 14): any word that can mean nothing else. */
export function isErrorStatus(status: string): boolean {
  return /error|fail|cancel|abort|terminat|skip|stop|kill|expire|suspend|time.?d?.?out/i.test(status);
}

function wordOf(row: NonNullable<Poll["row"]>): StatusWord {
  if (row === "missing") return "missing";
  if (isErrorStatus(row.status) || row.errorMsg !== "") return "error";
  // One document's word for Complete (MCE 6).
  const status = row.status.toLowerCase().replace(/^completed$/, "complete");
  const known = Evidence.shape.status.safeParse(status);
  return known.success && known.data !== undefined ? known.data : "other";
}
