import { describe, expect, it } from "vitest";
import { explainSqlError, isAboutMce } from "#sql/error-catalogue.ts";
import { mceDiagnostics } from "#sql/mce-diagnostics.ts";
import { readText } from "#sql/query.ts";

/** The texts of MCE 5.2 and 8.6, and SQL Server's own for what its compiler refuses. */
const texts: [text: string, code: string, name?: string][] = [
  [
    "An error occurred while checking the query syntax. Errors: The ORDER BY clause is invalid in views, inline functions, derived tables, subqueries, and common table expressions, unless TOP, OFFSET or FOR XML is also specified.",
    "ORDER_BY_WITHOUT_TOP",
  ],
  ["Errors: The 123456.X table has a multi-part specification. This is not allowed.", "MULTI_PART_NAME", "123456.X"],
  ["';' is a reserved word and may not be used", "RESERVED_WORD", ";"],
  ["Only SELECT queries are valid.", "NOT_A_SELECT"],
  ["Field 'AccountID' is required for the Target Data Extension", "REQUIRED_FIELD", "AccountID"],
  ["Just a heads-up: add a WHERE clause", "NO_WHERE"],
  ["Invalid column name 'Emial'.", "UNKNOWN_COLUMN", "Emial"],
  ["Invalid object name 'C1.Peeple'.", "UNKNOWN_TABLE", "C1.Peeple"],
  ["Ambiguous column name 'Id'.", "AMBIGUOUS_COLUMN", "Id"],
  ['The multi-part identifier "q.Id" could not be bound.', "UNKNOWN_PREFIX", "q.Id"],
  ["Column 'p.Name' is invalid in the select list because it is not contained in …", "NOT_GROUPED", "p.Name"],
  ["'NVL' is not a recognized built-in function name.", "UNKNOWN_FUNCTION", "NVL"],
  ["The column 'Id' was specified multiple times for 'querydef'.", "DUPLICATE_COLUMN", "Id"],
  ["No column name was specified for column 2 of 'querydef'.", "UNNAMED_COLUMN", "2"],
  ["Incorrect syntax near the keyword 'FROM'.", "SYNTAX", "FROM"],
  [
    "Some part of your SQL statement is nested too deeply. Rewrite the query or break it up into smaller queries.",
    "TOO_DEEP",
  ],
  ["Violation of PRIMARY KEY constraint '…'. Cannot insert duplicate key in object …", "DUPLICATE_KEY"],
  ["String or binary data would be truncated.", "TRUNCATED"],
  [
    "Cannot insert the value NULL into column 'X', table …; column does not allow nulls. INSERT fails.",
    "NULL_VALUE",
    "X",
  ],
  ["Conversion failed when converting the varchar value '…' to data type int.", "CONVERSION"],
  ["Conversion failed when converting date and/or time from character string.", "CONVERSION"],
  ["Arithmetic overflow error converting expression to data type int.", "OVERFLOW"],
  ["Divide by zero error encountered.", "DIVIDE_BY_ZERO"],
  ["'…' is not a valid email address", "INVALID_EMAIL"],
  ["Query took too long", "QUERY_TIMEOUT"],
  ["Target data extension is locked", "TARGET_LOCKED"],
];

/** Every other live text of MCE 1.4, 2.3, 2.5, 2.6, 3.3, 4.4, 4.5, 5 and 7, and of the recorded answers. */
const live: [text: string, code: string, name?: string][] = [
  ["Update Type must be 'Update' or the target data extension cannot appear in the query.", "OWN_TARGET"],
  ["Could not build exclusion text for unknown subscriber field type _Subscriber Key.", "SENDABLE_TARGET"],
  [
    "Error saving the Query field. Only SELECT queries are valid. Select must be the first word of the query.",
    "NOT_A_SELECT",
  ],
  ["'into' is a reserved word and may not be used", "RESERVED_WORD", "into"],
  ["String or binary data would be truncated. The statement has been terminated.", "TRUNCATED"],
  [
    "String or binary data would be truncated in table 'C1.dbo.T', column 'What's New'. Truncated value: '…'.",
    "TRUNCATED",
    "What's New",
  ],
  [
    "The conversion of a varchar data type to a datetime data type resulted in an out-of-range value.",
    "DATE_OUT_OF_RANGE",
  ],
  ["Adding a value to a 'datetime' column caused an overflow.", "DATE_OUT_OF_RANGE"],
  ["Arithmetic overflow error for data type int, value = ….", "OVERFLOW"],
  ["The conversion of the varchar value '…' overflowed an int column.", "OVERFLOW"],
  [
    "Transaction (Process ID 65) was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction.",
    "DEADLOCK",
  ],
  ["Lock request time out period exceeded.", "TARGET_LOCKED"],
  [
    "Execution Timeout Expired. The timeout period elapsed prior to completion of the operation or the server is not responding.",
    "QUERY_TIMEOUT",
  ],
  ["The function 'ROW_NUMBER' must have an OVER clause.", "WINDOW_WITHOUT_OVER", "ROW_NUMBER"],
  ["'yyy' is not a recognized dateadd option.", "UNKNOWN_DATE_PART", "yyy"],
  ["Unclosed quotation mark after the character string '…'.", "UNCLOSED_TEXT"],
  ["Invalid column name 'What's Newx'.", "UNKNOWN_COLUMN", "What's Newx"],
  ["Incorrect syntax near '‘'.", "SYNTAX", "‘"],
  ["Exception occurred during [CreateQueryDefinition] ErrorID: 100000001", "MCE_EXCEPTION"],
  ["Exception occurred during [Schedule::Start] ErrorID = 100000001", "MCE_EXCEPTION"],
  ["System error", "MCE_EXCEPTION"],
  ["Object reference not set to an instance of an object.", "MCE_EXCEPTION"],
  ["Internal Server Error", "MCE_EXCEPTION"],
  ["Error: API Permission Failed.", "NO_PERMISSION"],
  ["Insufficient privileges to complete this action.", "NO_PERMISSION"],
  ["Member: [1001] does not have API authorization. Request was denied.", "NO_PERMISSION"],
  ["Rate Limited", "MCE_BUSY"],
  ["Rate limit exceeded", "MCE_BUSY"],
  ["Your requests are temporarily blocked.", "MCE_BUSY"],
  [
    "We noticed an abnormal spike in your call volume so your SOAP Web Service account has been rate limited temporarily.",
    "MCE_BUSY",
  ],
  ["Member: [1001] is in maintenance. Request was not processed.", "MCE_DOWN"],
  [
    "Synchronous request cannot be completed at this time due to database synchronization problem. Request was not processed.",
    "MCE_DOWN",
  ],
  ["Token Expired", "SIGN_IN"],
  ["Login Failed", "SIGN_IN"],
  ["Not Authorized", "SIGN_IN"],
  ["Unauthorized", "SIGN_IN"],
  [
    "Client authentication failed. Make sure that the client ID and client secret are valid and that the package is installed and enabled.",
    "SIGN_IN",
  ],
  ["Invalid client ID. Use the client ID in Marketing Cloud Installed Packages.", "SIGN_IN"],
  ["The client is not authorized to request an authorization code using this method.", "SIGN_IN"],
  ["A data extension named X already exists.", "NAME_TAKEN"],
  ["Updating an existing Data Extension definition is not allowed when doing an add-only operation. ", "NAME_TAKEN"],
  ["Please select a unique folder name.", "NAME_TAKEN"],
  ["A folder of that name is there. Please select a different Name.", "NAME_TAKEN"],
  ["Unable to find a handler for object type: X. Object types are case-sensitive, check spelling.", "OWN_REQUEST"],
  ["The Request Property(s) X do not match with the fields of DataExtension retrieve", "OWN_REQUEST"],
  ["The RequestID sent through ContinueRequest does not exist.", "OWN_REQUEST"],
  ["Unknown filter of type FilterPart encountered", "OWN_REQUEST"],
  ["Invalid argument for the equals operator. Filter array cannot be null.", "OWN_REQUEST"],
  ["Cannot perform Create on objects of type X", "OWN_REQUEST"],
  ["No object specified at 0-based index 0", "OWN_REQUEST"],
  ["Server did not recognize the value of HTTP Header SOAPAction: X.", "OWN_REQUEST"],
  ["Bad Request", "OWN_REQUEST"],
  ["The rows cannot be retrieved for key X", "ROWS_NOT_THERE"],
  ["Not Found", "ROWS_NOT_THERE"],
];

/** What speaks of MCE itself, of the connection or of a call of ours. */
const ofMce = new Set([
  "MCE_EXCEPTION",
  "MCE_BUSY",
  "MCE_DOWN",
  "NO_PERMISSION",
  "SIGN_IN",
  "NAME_TAKEN",
  "OWN_REQUEST",
  "ROWS_NOT_THERE",
]);

/** Every text behind its first words, for the titles. */
const titled = [...texts, ...live].map(([text, code, name]) => [beginningOf(text), text, code, name] as const);

function beginningOf(text: string): string {
  return text.length <= 70 ? text : `${text.slice(0, text.lastIndexOf(" ", 70))} …`;
}

describe("explainSqlError()", () => {
  it.each(titled)("%s", (_, text, code, name) => {
    const told = explainSqlError(text);
    expect([told?.code, told?.name]).toEqual([code, name]);
    expect(told?.title && told.meaning && told.advice).toBeTruthy();
  });

  it.each(titled)("blames the query only for what speaks of it: %s", (_, text, code) => {
    expect(isAboutMce(text)).toBe(ofMce.has(code));
    const { title = "", advice = "" } = explainSqlError(text) ?? {};
    if (ofMce.has(code)) expect(`${title} ${advice}`).not.toMatch(/(?:change|correct|rewrite|fix|check) the query/i);
  });

  it("takes a reason that stands beside an exception for the reason", () =>
    expect(explainSqlError("Exception occurred during [X] ErrorID: 1. Invalid column name 'Y'.")?.code).toBe(
      "UNKNOWN_COLUMN",
    ));

  it.each([
    [
      "out of range",
      "The conversion of a varchar data type to a datetime data type resulted in an out-of-range value.",
    ],
    ["not read", "Conversion failed when converting date and/or time from character string."],
  ])("advises a format for dates that are %s", (_, text) =>
    expect(explainSqlError(text)?.advice).toMatch(/'yyyy-MM-dd'.*CONVERT\(DATETIME, text, 103\)/),
  );

  it("tells a WITH how to become a subquery", () =>
    expect(explainSqlError("Select must be the first word of the query.")?.advice).toMatch(/WITH into a subquery/));

  it("never advises to cut a key", () => {
    const advice = [...texts, ...live].map(([text]) => explainSqlError(text)?.advice ?? "");
    const cutting = advice.filter((words) => /LEFT\(text, n\)/.test(words));
    expect(cutting.every((words) => /no key/.test(words))).toBe(true);
    expect(advice.filter((words) => /truncat|longer/i.test(words)).length).toBeGreaterThan(0);
  });

  it("knows nothing of other texts", () => expect(explainSqlError("The weather is fine")).toBeUndefined());
});

describe("mceDiagnostics()", () => {
  it.each([
    ["Invalid column name 'emial'.", "UNKNOWN_COLUMN", 1, 10],
    ["Invalid object name 'C12.My DE'.", "UNKNOWN_TABLE", 2, 6],
    ['The multi-part identifier "p.Emial" could not be bound.', "UNKNOWN_PREFIX", 1, 10],
    ["Incorrect syntax near the keyword 'FROM'.", "SYNTAX", 2, 1],
    ["Something else entirely", "MCE_REFUSED", 1, 1],
  ])("places %s", (message, code, line, column) => {
    expect(mceDiagnostics(readText("SELECT p.Emial\nFROM [My DE] p"), [{ text: message, shown: message }])).toEqual([
      expect.objectContaining({ code, severity: "error", message, line, column }),
    ]);
  });

  it.each([
    ["SELECT FirstName AS ‘First_Name’ FROM C", "Incorrect syntax near '‘'.", 21],
    ["SELECT a, '‘' AS b FROM C AS ‘x’", "Incorrect syntax near '‘'.", 30],
    ["SELECT a FROM Leads–2024", "Incorrect syntax near '–'.", 20],
    ["SELECT ROW_NUMBER() AS n FROM C", "The function 'ROW_NUMBER' must have an OVER clause.", 8],
    ["SELECT [What's Newx] FROM C", "Invalid column name 'What's Newx'.", 8],
    ["SELECT a FROM 2024 Leads", "Incorrect syntax near 'Leads'.", 20],
  ])("places a sign or name of %s", (sql, message, column) => {
    expect(mceDiagnostics(readText(sql), [{ text: message, shown: message }])[0]).toMatchObject({ line: 1, column });
  });

  it("calls MCE's advice of a WHERE clause worth knowing", () =>
    expect(mceDiagnostics(readText("SELECT a FROM t"), [{ text: "Just a heads-up …", shown: "…" }])[0]?.severity).toBe(
      "info",
    ));
});
