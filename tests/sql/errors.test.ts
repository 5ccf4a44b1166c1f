import { describe, expect, it } from "vitest";
import { explainSqlError } from "#sql/error-catalogue.ts";
import { mceDiagnostics } from "#sql/mce-diagnostics.ts";

/** The texts of FACTS 5.2 and 8.6, and SQL Server's own for what its compiler refuses. */
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

describe("explainSqlError()", () => {
  it.each(texts)("%s", (text, code, name) => {
    const told = explainSqlError(text);
    expect([told?.code, told?.name]).toEqual([code, name]);
    expect(told?.title && told.meaning && told.advice).toBeTruthy();
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
    expect(mceDiagnostics("SELECT p.Emial\nFROM [My DE] p", [{ text: message, shown: message }])).toEqual([
      expect.objectContaining({ code, severity: "error", message, line, column }),
    ]);
  });

  it("keeps MCE's warnings warnings", () =>
    expect(mceDiagnostics("SELECT a FROM t", [{ text: "Just a heads-up …", shown: "…" }])[0]?.severity).toBe(
      "warning",
    ));
});
