import { given } from "#lang/given.ts";
import { z } from "zod";
import { Evidence, type StatusWord } from "#protocol/evidence.ts";

/**
 * The rows of the table a query writes into; `silent`: the rowset does not answer yet; without `count`: nobody counts
 * them, because they prove nothing.
 */
type Rowset = { kind: "silent" } | { kind: "answers"; count?: number };

/** The two that MCE can be asked about a query that runs: its status row, and `isrunning`. */
export type Question = "row" | "isRunning";

/** What MCE said in one poll. An absent field means: not asked, or no answer that could be read. */
export type Poll = {
  /** Time since Perform, by the run object's clock. */
  sinceMs: number;
  /** AsyncActivityStatus row of the TaskID; its CompletedDate is no signal (MCE 6). */
  row?: "missing" | { status: string; errorMsg: string };
  isRunning?: boolean;
  /** What MCE was asked in vain, in that order. */
  failed?: Question[];
  /** MCE was not able to answer `isrunning`; it may still have asked for patience only. */
  isRunningAway?: boolean;
  rowset?: Rowset;
};

/**
 * What the polls of one Perform have shown so far, in times since it. It rides in the job as a cache: a verdict on an
 * empty one is only later, never wrong (D9).
 */
export const Seen = z.object({
  /** Number of the Perform; what was seen of an earlier one counts for nothing. */
  n: z.int(),
  status: Evidence.shape.status,
  wasRunning: z.boolean().optional(),
  /** Every status row since then has said Complete. */
  completeSinceMs: z.number().optional(),
  /** Every answer of `isrunning` since then has been false; the last of them came at `stoppedAtMs`. */
  stoppedSinceMs: z.number().optional(),
  stoppedAtMs: z.number().optional(),
  /** When `isrunning` answered last. */
  askedRunningMs: z.number().optional(),
  /** What was asked in vain first: a row until the next answer, `isrunning` until its own. */
  silent: z.enum(["row", "isRunning"]).optional(),
  /** How often in a row MCE was not able to answer `isrunning`. */
  runningFailures: z.int().optional(),
  /** The rowset has shown this many rows since then. */
  rows: z.object({ count: z.int(), sinceMs: z.number() }).optional(),
  /** When it was last judged to run. */
  runningAtMs: z.number().optional(),
  /** The query has seemed to be over since then. */
  unsureSinceMs: z.number().optional(),
});
export type Seen = z.infer<typeof Seen>;

/** Adds one poll to what was seen. Pure; what a poll did not bring stays as it was. */
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

/** Adds what a poll asked in vain. Pure; once for each poll. */
export function noteFailures({ silent, runningFailures = 0, ...seen }: Seen, poll: Poll): Seen {
  const { row, isRunning, failed = [], isRunningAway = false } = poll;
  // A row that was refused once gets its turn back with the next answer: it alone tells of an error.
  const isAnswered = isRunning !== undefined || (silent === "row" && row !== undefined);
  const next = failed[0] ?? (isAnswered ? undefined : silent);
  const count = isRunning === undefined ? runningFailures + Number(isRunningAway) : 0;
  return {
    ...seen,
    ...given({ silent: next }),
    ...(count === 0 ? {} : { runningFailures: count }),
  };
}

/** MCE's words for a bad end are not proven (MCE 6, 14): any that can mean nothing else. */
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
