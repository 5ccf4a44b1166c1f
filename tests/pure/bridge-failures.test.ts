import { expect, test } from "vitest";
import { rejected, unavailable } from "#mce/failure.ts";
import type { MceFailure } from "#mce/failure.ts";
import { RunError } from "#protocol/run-error.ts";
import { cannotRead, explain, queryFailed, timedOut } from "../../src/queue-bridge/failures.ts";

const failures: readonly MceFailure[] = [
  { kind: "throttled", retry: "later", waitMs: 5000, message: "Rate limit exceeded" },
  unavailable("none", "Cannot do SOAP Create: MCE answered 503").failure,
  { kind: "unauthorized", retry: "never", message: "Token Expired" },
  { kind: "forbidden", retry: "never", message: "Insufficient privileges" },
  rejected("310007", "A data extension named X already exists.").failure,
  { kind: "aborted", retry: "never", message: "" },
];

test.each([
  ["throttled", "MCE_UNAVAILABLE"],
  ["unavailable", "MCE_UNAVAILABLE"],
  ["unauthorized", "REAUTH_REQUIRED"],
  ["forbidden", "REAUTH_REQUIRED"],
  ["rejected", "QUERY_FAILED"],
] as const)("explain() calls a call that is %s %s", (kind, code) => {
  const failure = failures.find((known) => known.kind === kind);
  expect(failure && explain(failure, "creating the query").code).toBe(code);
});

test.each(failures)("explain() gives an error the protocol takes: $kind", (failure) => {
  expect(RunError.safeParse(explain(failure, "reading the result")).success).toBe(true);
});

test("explain() masks row values in MCE's words", () => {
  const failure = rejected(
    "2",
    "Conversion failed when converting the varchar value 'Ann Lee' to data type int.",
  ).failure;
  expect(JSON.stringify(explain(failure, "creating the query"))).not.toContain("Ann Lee");
});

test.each([
  ["String or binary data would be truncated.", /LEFT|CAST/],
  ["Divide by zero error encountered.", /NULLIF/],
  ["Violation of PRIMARY KEY constraint 'PK'. The duplicate key value is (a@b.c)", /distinct/],
])("queryFailed() knows what helps against: %s", (message, fix) => {
  const error = queryFailed(message);
  expect(error.fix).toMatch(fix);
  expect(JSON.stringify(error)).not.toContain("a@b.c");
});

test("queryFailed() without MCE's words says so by having none", () => {
  expect(queryFailed("")).not.toHaveProperty("mce");
});

test("queryFailed() cuts words that are too long for the protocol", () => {
  expect(RunError.safeParse(queryFailed("x".repeat(10_000))).success).toBe(true);
});

test("cannotRead() names line and column", () => {
  const problem = { message: "Cannot write out *", line: 1, column: 8, fix: "Name the columns" };
  expect(cannotRead([problem])).toMatchObject({
    code: "QUERY_FAILED",
    detail: "Line 1, column 8: Cannot write out *",
    fix: "Name the columns",
  });
});

test("timedOut() says how long was waited", () => {
  expect(timedOut(29 * 60_000).detail).toContain("29 minutes");
  expect(timedOut(3000).detail).toContain("3 seconds");
});
