import { expect, test } from "vitest";
import { exitCodeOf, exitCodeOfRun, UsageError } from "#cli/exit-code.ts";
import { SqeError } from "#client/sqe-error.ts";

test.each([
  [
    1,
    [
      [500, "INTERNAL"],
      [422, "IDEMPOTENCY_MISMATCH"],
      [501, "NOT_YET"],
      [0, "CANCELED"],
      [0, "OUTCOME_UNKNOWN"],
    ],
  ],
  [
    2,
    [
      [422, "INVALID_BODY"],
      [413, "TOO_LARGE"],
    ],
  ],
  [
    3,
    [
      [401, "UNAUTHENTICATED"],
      [403, "FORBIDDEN"],
      [410, "HANDOFF_OVER"],
      [0, "REAUTH_REQUIRED"],
    ],
  ],
  [
    4,
    [
      [404, "RUN_NOT_FOUND"],
      [404, "TABLE_NOT_FOUND"],
      [410, "RESULT_EXPIRED"],
      [422, "PAGE_OUT_OF_RANGE"],
      [404, "HTTP_404"],
    ],
  ],
  [
    5,
    [
      [422, "SQL_REJECTED"],
      [422, "NOT_READABLE"],
      [409, "RUN_NOT_READY"],
      [502, "MCE_ERROR"],
      [0, "QUERY_FAILED"],
    ],
  ],
  [
    6,
    [
      [429, "RATE_LIMITED"],
      [503, "MCE_BUSY"],
      [503, "UNAVAILABLE"],
      [0, "UNREACHABLE"],
      [502, "HTTP_502"],
    ],
  ],
] as const)("exitCodeOf() gives %i for what belongs to it", (code, errors) => {
  for (const [status, name] of errors) expect(exitCodeOf(new SqeError(name, status, "A detail"))).toBe(code);
});

test("exitCodeOf() gives 2 for a mistake in the call, and 1 for what nobody expected", () => {
  expect(exitCodeOf(new UsageError("no"))).toBe(2);
  expect(exitCodeOf(new Error("bug"))).toBe(1);
  expect(exitCodeOf("text")).toBe(1);
});

test.each([
  ["QUERY_FAILED", 5],
  ["TARGET_MISMATCH", 5],
  ["TARGET_NOT_FOUND", 4],
  ["TIMEOUT", 6],
  ["QUEUE_TIMEOUT", 6],
  ["MCE_UNAVAILABLE", 6],
  ["REAUTH_REQUIRED", 3],
  ["OUTCOME_UNKNOWN", 1],
  ["A_LATER_CODE", 1],
])("exitCodeOfRun() of a run that failed with %s is %i", (code, exit) => {
  expect(exitCodeOfRun({ status: "failed", error: { code, title: "", detail: "" } })).toBe(exit);
});

test("exitCodeOfRun() of a run that is ready is 0, of one that was canceled elsewhere 1", () => {
  expect([exitCodeOfRun({ status: "ready" }), exitCodeOfRun({ status: "canceled" })]).toEqual([0, 1]);
});
