import { expect, test } from "vitest";
import { forbidden, rejected, unavailable, type MceFailure } from "#mce/failure.ts";
import { RunError } from "#protocol/run-error.ts";
import { explain } from "../../src/queue-bridge/run/failures.ts";
import { cannotRun, queryFailed, rowsUnreadable, timedOut } from "../../src/queue-bridge/run/query-failures.ts";

const failures: readonly MceFailure[] = [
  { kind: "throttled", retry: "later", waitMs: 5000, message: "Rate limit exceeded" },
  unavailable("none", "Cannot do SOAP Create: MCE answered 503").error,
  { kind: "unauthorized", retry: "never", message: "Token Expired" },
  { kind: "forbidden", retry: "never", message: "Insufficient privileges" },
  forbidden("SOAP Perform", "API Permission Failed.").error,
  rejected("310007", "A data extension named X already exists.").error,
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

test.each(failures)("explain() returns an error that the protocol accepts: $kind", (failure) => {
  expect(RunError.safeParse(explain(failure, "reading the result")).success).toBe(true);
});

test("explain() names the permission that a call needs", () => {
  const { error: failure } = forbidden("SOAP Create QueryDefinition", "API Permission Failed.");
  const scopes = "Automations Read and Write (automations_read, automations_write)";
  expect(explain(failure, "creating the query")).toEqual({
    code: "REAUTH_REQUIRED",
    title: "The connection lacks a permission",
    detail: `Marketing Cloud refused because a permission is missing while creating the query. This needs ${scopes}`,
    fix: `Give the connection's installed package the permissions ${scopes}, then connect again; this can take 10 minutes to take effect`,
    mce: "API Permission Failed.",
  });
});

test.each([
  ["an error number alone", "Exception occurred during [CreateQueryDefinition] ErrorID: 100000001", true],
  ["no words at all", "MCE gives no reason", false],
])("explain() does not blame the query for a refusal without a reason: %s", (_, message, isTold) => {
  const error = explain(rejected("2", message).error, "creating the query");
  expect(error.title).toBe("Marketing Cloud refuses without a reason");
  expect(error.fix).not.toMatch(/change the query/i);
  expect("mce" in error).toBe(isTold);
});

test("explain() masks row values in MCE's words", () => {
  const failure = rejected(
    "2",
    "Conversion failed when converting the varchar value 'Ann Lee' to data type int.",
  ).error;
  expect(JSON.stringify(explain(failure, "creating the query"))).not.toContain("Ann Lee");
});

test.each([
  ["a text that is cut", "String or binary data would be truncated.", /longer; only a text that is no key/],
  [
    "a date out of range",
    "The conversion of a varchar data type to a datetime data type resulted in an out-of-range value.",
    /yyyy-MM-dd.*103/,
  ],
  [
    "a deadlock",
    "Transaction (Process ID 65) was deadlocked on lock resources. Rerun the transaction.",
    /Run the query again/,
  ],
  ["a division by zero", "Divide by zero error encountered.", /NULLIF/],
  [
    "a key that comes twice",
    "Violation of PRIMARY KEY constraint 'PK'. The duplicate key value is (a@b.c)",
    /distinct/,
  ],
])("queryFailed() knows what helps against %s", (_, message, fix) => {
  const error = queryFailed({}, message);
  expect(error.fix).toMatch(fix);
  expect(JSON.stringify(error)).not.toContain("a@b.c");
});

test("queryFailed() without MCE's words has no mce member", () => {
  expect(queryFailed({}, "")).not.toHaveProperty("mce");
});

test("queryFailed() cuts texts that are too long for the protocol", () => {
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

test("cannotRun() shows the errors only, and warnings when there are no errors", () => {
  const warning = { message: "NOLOCK changes nothing", severity: "warning" as const, line: 2, column: 1 };
  const error = { message: "Id is a column of a and of b", severity: "error" as const, line: 1, column: 8 };
  expect(cannotRun([warning, error]).detail).toBe("Line 1, column 8: Id is a column of a and of b");
  expect(cannotRun([warning]).detail).toBe("Line 2, column 1: NOLOCK changes nothing");
});

test.each([
  ["Error saving the Query field. Invalid column name 'Emial'.", "A column does not exist", /^Emial: /],
  ["The ORDER BY clause is invalid in views, …", "ORDER BY needs TOP", /rows have no order/],
])("explain() makes a refused query readable: %s", (message, title, detail) => {
  const error = explain(rejected("310006", message).error, "creating the query");
  expect(error).toMatchObject({ code: "QUERY_FAILED", title, detail: expect.stringMatching(detail), mce: message });
});

test("queryFailed() names no value of a row", () => {
  const error = queryFailed({}, "Incorrect syntax near 'Ann Lee'.");
  expect(error.title).toBe("The query cannot be read");
  expect(JSON.stringify(error)).not.toContain("Ann Lee");
});

test("timedOut() says how long the run has waited", () => {
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

test.each(["", " ", "MCE gives no reason", "MCE refuses SOAP Create QueryDefinition", "Error", "Error: "])(
  "explain() says so where MCE refuses the query without a reason: %j",
  (text) => {
    const error = explain(rejected("Error", text).error, "creating the query");
    expect(error).toEqual({
      code: "QUERY_FAILED",
      title: "Marketing Cloud refuses without a reason",
      detail: expect.stringMatching(/may be the query, its target or Marketing Cloud itself$/),
      fix: expect.stringMatching(/^Run the query again/),
    });
  },
);

test.each(["creating the result table", "reading the tables' fields", "starting the query"] as const)(
  "explain() blames no query for a refusal without a reason while %s",
  (doing) => {
    const error = explain(rejected("Error", "").error, doing);
    expect(error).not.toHaveProperty("mce");
    expect(error).toMatchObject({
      title: "Marketing Cloud refuses without a reason",
      fix: expect.stringMatching(/operator/),
    });
  },
);

test("explain() never blames the query for an exception of MCE's own", () => {
  const message = "Exception occurred during [CreateQueryDefinition] ErrorID: 100000001";
  const error = explain(rejected("2", message).error, "creating the query");
  expect(error).toMatchObject({ title: "Marketing Cloud refuses without a reason", mce: message });
  expect(error.fix).toMatch(/ErrorID.*Support/);
  expect(JSON.stringify(error)).not.toMatch(/refuses the query|Change the query/);
});

test("explain() does not blame the query for SQL Server's syntax error about the result table", () => {
  const message =
    "Incorrect syntax near ','. Incorrect syntax near the keyword 'with'. If this statement is a common table expression, the previous statement must be terminated with a semicolon.";
  const error = explain(rejected("310006", message).error, "creating the result table", { sql: "SELECT 'x' AS a" });
  expect(error).toMatchObject({
    title: "Marketing Cloud does not create the result table",
    detail: expect.stringMatching(/not about the query's text/),
    fix: expect.stringMatching(/plain name with AS/),
    mce: message,
  });
});

test("explain() shows a refusal of the sign-in as it is composed, with MCE's reason", () => {
  const message =
    "MCE refuses the connection's credentials (HTTP 401): unauthorized_client: Use the token endpoint of your tenant, https://mcabc.auth.marketingcloudapis.com/v2/token";
  const failure = { kind: "unauthorized", retry: "never", message } as const;
  expect(explain(failure, "creating the query").mce).toBe(message);
});

test("explain() shows the words of the query that MCE repeats, and none of its literals", () => {
  const sql = "SELECT [What's Newx], 'Ann Lee' AS Who FROM ‘C’";
  const told = (message: string) => explain(rejected("2", message).error, "creating the query", { sql });
  expect(told("Invalid column name 'What's Newx'.")).toMatchObject({
    detail: expect.stringMatching(/^What's Newx: /),
    mce: "Invalid column name 'What's Newx'.",
  });
  expect(told("Incorrect syntax near '‘'.").mce).toBe("Incorrect syntax near '‘'.");
  expect(JSON.stringify(told("Incorrect syntax near 'Ann Lee'."))).not.toContain("Ann");
});

test("explain() knows what MCE's own-target refusal means, with its keyword", () => {
  const message = "Update Type must be 'Update' or the target data extension cannot appear in the query.";
  const error = explain(rejected("2", message).error, "creating the query", { sql: "SELECT a FROM T" });
  expect(error).toMatchObject({ title: "The query reads its own target", mce: message });
});

test("queryFailed() keeps the name of a result column, with its apostrophe", () => {
  const message =
    "Cannot insert the value NULL into column 'Mother's Day', table 'C1.dbo.T'; column does not allow nulls.";
  const error = queryFailed({ sql: "SELECT * FROM x", columns: [{ name: "Mother's Day" }] }, message);
  expect(error).toMatchObject({ detail: expect.stringMatching(/^Mother's Day: /), mce: message });
});

test("queryFailed() says that MCE gives no reason, and advises nothing", () => {
  const error = queryFailed({}, " ");
  expect(error.detail).toMatch(/without a reason$/);
  expect(error).not.toHaveProperty("fix");
});
