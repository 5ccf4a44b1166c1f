import { expect, test } from "vitest";
import { rejected, unavailable } from "#mce/failure.ts";
import type { MceFailure } from "#mce/failure.ts";
import { RunError } from "#protocol/run-error.ts";
import { cannotRun, explain, queryFailed, rowsUnreadable, timedOut } from "../../src/queue-bridge/failures.ts";

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
  const error = queryFailed({}, message);
  expect(error.fix).toMatch(fix);
  expect(JSON.stringify(error)).not.toContain("a@b.c");
});

test("queryFailed() without MCE's words says so by having none", () => {
  expect(queryFailed({}, "")).not.toHaveProperty("mce");
});

test("queryFailed() cuts words that are too long for the protocol", () => {
  expect(RunError.safeParse(queryFailed({}, "x".repeat(10_000))).success).toBe(true);
});

test("cannotRun() names line and column", () => {
  const problem = { message: "Cannot write out *", line: 1, column: 8, fix: "Name the columns" };
  expect(cannotRun([problem])).toMatchObject({
    code: "QUERY_FAILED",
    detail: "Line 1, column 8: Cannot write out *",
    fix: "Name the columns",
  });
});

test("cannotRun() tells the errors only, warnings when there is nothing else", () => {
  const warning = { message: "NOLOCK changes nothing", severity: "warning" as const, line: 2, column: 1 };
  const error = { message: "Id is a column of a and of b", severity: "error" as const, line: 1, column: 8 };
  expect(cannotRun([warning, error]).detail).toBe("Line 1, column 8: Id is a column of a and of b");
  expect(cannotRun([warning]).detail).toBe("Line 2, column 1: NOLOCK changes nothing");
});

test.each([
  ["Error saving the Query field. Invalid column name 'Emial'.", "A column does not exist", /^Emial: /],
  ["The ORDER BY clause is invalid in views, …", "ORDER BY needs TOP", /rows have no order/],
])("explain() makes a refused query readable: %s", (message, title, detail) => {
  const error = explain(rejected("310006", message).failure, "creating the query");
  expect(error).toMatchObject({ code: "QUERY_FAILED", title, detail: expect.stringMatching(detail), mce: message });
});

test("queryFailed() names no value of a row", () => {
  const error = queryFailed({}, "Incorrect syntax near 'Ann Lee'.");
  expect(error.title).toBe("The query cannot be read");
  expect(JSON.stringify(error)).not.toContain("Ann Lee");
});

test("timedOut() says how long was waited", () => {
  expect(timedOut({}, 29 * 60_000).detail).toContain("29 minutes");
  expect(timedOut({}, 3000).detail).toContain("3 seconds");
});

test("rowsUnreadable() names the table, and masks values in MCE's words", () => {
  const message = "Conversion failed when converting the varchar value 'Ann Lee' to data type int.";
  const error = rowsUnreadable({ name: "QPP_Results_0123" }, message);
  expect(RunError.safeParse(error).success).toBe(true);
  expect(error.detail).toContain('"QPP_Results_0123"');
  expect(JSON.stringify(error)).not.toContain("Ann Lee");
  expect(rowsUnreadable({ target: { customerKey: "T", mode: "append" } }, "")).not.toHaveProperty("mce");
});
