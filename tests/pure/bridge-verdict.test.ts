import { expect, test } from "vitest";
import type { Signals } from "../../src/queue-bridge/verdict.ts";
import { judge, wantsIsRunning } from "../../src/queue-bridge/verdict.ts";

const graceMs = 20_000;

function signals(overrides: Partial<Signals> = {}): Signals {
  return { sincePerformMs: 3000, seenRunning: false, isTaskKnown: true, ...overrides };
}
const row = (status: string, errorMsg = "") => ({ row: { status, errorMsg } });
const rows = (count: number) => ({ rowset: { kind: "answers", count } as const });

test("judge() waits while it knows nothing: no row yet, no isrunning", () => {
  expect(judge(signals(), graceMs)).toEqual({ kind: "pending" });
});

test.each(["New", "Pending", "Queued", "Processing", "something new"])(
  "judge() waits while the status is %s",
  (status) => {
    expect(judge(signals({ ...row(status), isRunning: true }), graceMs)).toEqual({ kind: "pending" });
  },
);

test.each(["Error", "error", "Completed with Error"])("judge() fails a run whose status is %s", (status) => {
  expect(judge(signals(row(status, "Divide by zero")), graceMs)).toEqual({ kind: "failed", message: "Divide by zero" });
});

test("judge() fails a run whose status is Error, also without a message", () => {
  expect(judge(signals(row("Error")), graceMs)).toEqual({ kind: "failed", message: "" });
});

test("judge() fails a run with an error message, whatever its status", () => {
  expect(judge(signals(row("Complete", "Divide by zero")), graceMs).kind).toBe("failed");
});

test("judge() asks for the rows when the status is Complete, and again while they are silent", () => {
  expect(judge(signals(row("Complete")), graceMs)).toEqual({ kind: "confirm" });
  expect(judge(signals({ ...row("Complete"), rowset: { kind: "silent" } }), graceMs)).toEqual({ kind: "confirm" });
});

test("judge() is ready when Complete and the rowset answers, also with 0 rows", () => {
  expect(judge(signals({ ...row("Complete"), ...rows(0) }), graceMs)).toEqual({ kind: "ready", count: 0 });
});

test("judge() does not take isrunning false for the end just after the start", () => {
  expect(judge(signals({ ...row("Queued"), isRunning: false, ...rows(5) }), graceMs)).toEqual({ kind: "pending" });
});

test("judge() takes isrunning false for the end after it has been true, status stuck on Queued", () => {
  const stuck = signals({ ...row("Queued"), isRunning: false, seenRunning: true, ...rows(5) });
  expect(judge(stuck, graceMs)).toEqual({ kind: "ready", count: 5 });
});

test("judge() takes isrunning false for the end when the grace is over", () => {
  const stuck = signals({ ...row("Queued"), isRunning: false, sincePerformMs: graceMs, ...rows(5) });
  expect(judge(stuck, graceMs)).toEqual({ kind: "ready", count: 5 });
});

test("judge() never makes a run ready on 0 rows when its TaskID is lost", () => {
  const lost = signals({ isRunning: false, seenRunning: true, isTaskKnown: false, ...rows(0) });
  expect(judge(lost, graceMs)).toEqual({ kind: "unproven" });
});

test("wantsIsRunning() spares the call while the status row moves, not for ever", () => {
  expect(wantsIsRunning(signals(row("Processing")), graceMs)).toBe(false);
  expect(wantsIsRunning(signals(row("Complete")), graceMs)).toBe(false);
  expect(wantsIsRunning(signals(row("Queued")), graceMs)).toBe(true);
  expect(wantsIsRunning(signals(), graceMs)).toBe(true);
  expect(wantsIsRunning(signals({ ...row("Processing"), sincePerformMs: graceMs }), graceMs)).toBe(true);
});
