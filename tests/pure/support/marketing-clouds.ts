import * as fc from "fast-check";
import type { Poll } from "../../../src/queue-bridge/verdict/signals.ts";
import type { Terms } from "../../../src/queue-bridge/verdict/verdict.ts";

/** What the tests judge by; the grace is longer than any `isrunning` sleeps, and no false Complete lasts `settleMs`. */
export const waits = { graceMs: 20_000, settleMs: 500, stoppedAloneMs: 3000, sentMs: 0 };

/** One query as Marketing Cloud really runs it, and how its signals mislead. Times in milliseconds since Perform. */
export type MarketingCloud = {
  endsAt: number;
  error: "none" | "word" | "message";
  /** What the status row says; `missing` and the stuck ones for ever. */
  status: "honest" | "missing" | "stuck-queued" | "stuck-processing";
  statusLateMs: number;
  /** Complete shows from here on, and is taken back. */
  falseComplete?: { from: number; lasts: number };
  /** How long `isrunning` stays false after the start. */
  sleepsMs: number;
  taskIdLost: boolean;
  isTarget: boolean;
  rows: number;
  /** `late`: 404 until `rowsLateMs` after the end; `partial`: half of them from half-time on; `empty`: none, then all. */
  rowset: "late" | "partial" | "empty";
  rowsLateMs: number;
};

/** Every quirk of MCE 6 and 12.1, in any combination. */
export const marketingClouds: fc.Arbitrary<MarketingCloud> = fc
  .record({
    endsAt: fc.integer({ min: 100, max: 90_000 }),
    error: fc.constantFrom("none" as const, "none" as const, "none" as const, "word" as const, "message" as const),
    status: fc.constantFrom(
      "honest" as const,
      "missing" as const,
      "stuck-queued" as const,
      "stuck-processing" as const,
    ),
    statusLateMs: fc.constantFrom(0, 0, 1500, 8000),
    flap: fc.option(fc.record({ from: fc.nat({ max: 60_000 }), lasts: fc.nat({ max: 19_000 }) }), { nil: undefined }),
    sleepsMs: fc.constantFrom(0, 0, 1000, 5000, 19_000),
    taskIdLost: fc.constantFrom(false, false, false, true),
    isTarget: fc.boolean(),
    rows: fc.constantFrom(0, 1, 7, 100_000),
    rowset: fc.constantFrom("late" as const, "partial" as const, "empty" as const),
    rowsLateMs: fc.constantFrom(0, 0, 1500, 6000),
  })
  .map(({ flap, ...cloud }) => ({ ...cloud, ...(flap === undefined ? {} : { falseComplete: bounded(flap, cloud) }) }))
  // Empty for a moment at most: an empty answer that lasts is what an empty result looks like.
  .map((cloud) => (cloud.rowset === "empty" ? { ...cloud, rowsLateMs: Math.min(cloud.rowsLateMs, 400) } : cloud));

/** It is taken back before the end, and while `isrunning` sleeps it is short: two witnesses do not lie for long. */
function bounded(flap: { from: number; lasts: number }, { endsAt, sleepsMs }: { endsAt: number; sleepsMs: number }) {
  const from = flap.from % endsAt;
  const lasts = Math.min(flap.lasts, endsAt - 1 - from, from < sleepsMs ? waits.settleMs - 1 : flap.lasts);
  return { from, lasts: Math.max(0, lasts) };
}

export const termsOf = ({ taskIdLost, isTarget }: MarketingCloud): Terms => ({
  ...waits,
  isTaskKnown: !taskIdLost,
  rowsProve: !isTarget,
});

/** What status row and `isrunning` answer at a time. */
export function answersOf(cloud: MarketingCloud, at: number): Pick<Poll, "row" | "isRunning"> {
  const isOver = at >= cloud.endsAt;
  const isRunning = !isOver && at >= cloud.sleepsMs;
  return cloud.taskIdLost ? { isRunning } : { isRunning, row: rowOf(cloud, at, isOver) };
}

function rowOf(cloud: MarketingCloud, at: number, isOver: boolean): NonNullable<Poll["row"]> {
  const { status, error, falseComplete, statusLateMs } = cloud;
  if (status === "missing" || at < statusLateMs) return "missing";
  const word = status === "stuck-queued" ? "Queued" : "Processing";
  if (isOver && error === "word") return { status: "Query Error", errorMsg: "Divide by zero" };
  if (isOver && error === "message") return { status: word, errorMsg: "Divide by zero" };
  if (isOver) return { status: status === "honest" ? "Complete" : word, errorMsg: "" };
  const isFalse =
    falseComplete !== undefined && at >= falseComplete.from && at < falseComplete.from + falseComplete.lasts;
  return { status: isFalse ? "Complete" : word, errorMsg: "" };
}

/** What the table the query writes into shows at a time. */
export function rowsetOf(cloud: MarketingCloud, at: number): NonNullable<Poll["rowset"]> {
  if (cloud.isTarget) return { kind: "answers" };
  const written = cloud.error === "none" ? cloud.rows : 0;
  const isOver = at >= cloud.endsAt;
  switch (cloud.rowset) {
    case "late":
      return at >= cloud.endsAt + cloud.rowsLateMs ? { kind: "answers", count: written } : { kind: "silent" };
    case "empty":
      return { kind: "answers", count: at >= cloud.endsAt + cloud.rowsLateMs ? written : 0 };
    case "partial":
      if (isOver) return { kind: "answers", count: written };
      return at < cloud.endsAt / 2 ? { kind: "silent" } : { kind: "answers", count: Math.floor(written / 2) };
  }
}

/** When the whole result can be read. */
export function readyAt(cloud: MarketingCloud): number {
  const isLate = !cloud.isTarget && cloud.rowset !== "partial";
  return cloud.endsAt + (isLate ? cloud.rowsLateMs : 0);
}
