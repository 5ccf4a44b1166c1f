import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskValues, shownMessage } from "#mce/mask.ts";
import { ownWords } from "#sql/text/own-words.ts";

/** The texts of FACTS 5.2 and the names they keep: nothing in them is a value. */
const untouched = [
  "An error occurred while checking the query syntax. Errors: The ORDER BY clause is invalid in views, inline functions, derived tables, subqueries, and common table expressions, unless TOP, OFFSET or FOR XML is also specified.",
  "Error saving the Query field. An error occurred while checking the query syntax. Errors: The 123456.Orders table has a multi-part specification. This is not allowed.",
  "';' is a reserved word and may not be used",
  "'into' is a reserved word and may not be used",
  "Only SELECT queries are valid.",
  "Field 'AccountID' is required for the Target Data Extension",
  "Just a heads-up: your query has no WHERE clause.",
  "Invalid column name 'Email Address'.",
  "Invalid object name 'C7000001.Orders'.",
  "Invalid column name 'A'.\r\nInvalid column name 'B'.",
  "Query failed during execution. Error: Invalid object name 'Orders'",
  "String or binary data would be truncated.",
  "Cannot insert the value NULL into column 'Email', table 'C7000001.dbo.Orders'; column does not allow nulls. INSERT fails.",
  "Conversion failed when converting date and/or time from character string.",
  "Arithmetic overflow error converting numeric to data type numeric.",
  "Divide by zero error encountered.",
  "Query took too long",
  "Target data extension is locked",
  "Ambiguous column name 'SubscriberKey'.",
  "Column 'Orders.Id' is invalid in the select list because it is not contained in either an aggregate function or the GROUP BY clause.",
  "'STRING_AGG' is not a recognized built-in function name.",
  'The multi-part identifier "o.Idd" could not be bound.',
  "Incorrect syntax near the keyword 'ORDER'.",
  "A data extension named ADHOC_1 already exists.",
  "The service doesn't answer",
  "Update Type must be 'Update' or the target data extension cannot appear in the query.",
  "Could not build exclusion text for unknown subscriber field type _Subscriber Key.",
  "Only SELECT queries are valid. Select must be the first word of the query.",
  "Incorrect syntax near the keyword 'WITH'.",
  "Incorrect syntax near ','. Incorrect syntax near the keyword 'with'. If this statement is a common table expression, an xmlnamespaces clause or a change tracking context clause, the previous statement must be terminated with a semicolon.",
  "The function 'ROW_NUMBER' must have an OVER clause.",
  "The column 'Id' was specified multiple times for 'querydef'.",
  "The conversion of a varchar data type to a datetime data type resulted in an out-of-range value.",
  "Adding a value to a 'datetime' column caused an overflow.",
  "Transaction (Process ID 65) was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction.",
  'Cannot resolve the collation conflict between "SQL_Latin1_General_CP1_CI_AS" and "Latin1_General_CI_AS" in the equal to operation.',
  "Exception occurred during [CreateQueryDefinition] ErrorID: 100000001",
];

const masked: readonly (readonly [string, string])[] = [
  [
    "Violation of PRIMARY KEY constraint 'PK__C7000001__1A2B'. Cannot insert duplicate key in object 'C7000001.dbo.Orders'. The duplicate key value is (Ann O'Hara (x), a@b.example).",
    "Violation of PRIMARY KEY constraint 'PK__C7000001__1A2B'. Cannot insert duplicate key in object 'C7000001.dbo.Orders'. The duplicate key value is (…).",
  ],
  [
    "Violation of PRIMARY KEY constraint 'PK'. Cannot insert duplicate key in object 'dbo.X'. The duplicate key value is (1, 2).\r\nThe statement has been terminated.",
    "Violation of PRIMARY KEY constraint 'PK'. Cannot insert duplicate key in object 'dbo.X'. The duplicate key value is (…).\r\nThe statement has been terminated.",
  ],
  [
    "Conversion failed when converting the varchar value 'Ann' to data type int.",
    "Conversion failed when converting the varchar value '…' to data type int.",
  ],
  [
    "Conversion failed when converting the nvarchar value 'Ann O'Hara' to data type int.",
    "Conversion failed when converting the nvarchar value '…' to data type int.",
  ],
  [
    "The conversion of the varchar value '12345678901' overflowed an int column.",
    "The conversion of the varchar value '…' overflowed an int column.",
  ],
  [
    "Arithmetic overflow error for data type int, value = 12345678901.",
    "Arithmetic overflow error for data type int, value = …",
  ],
  [
    "String or binary data would be truncated in table 'C1.dbo.Orders', column 'Note'. Truncated value: 'Dear Ann, don't'.",
    "String or binary data would be truncated in table 'C1.dbo.Orders', column 'Note'. Truncated value: '…'.",
  ],
  [
    "The conversion of the nvarchar value '300' overflowed an INT1 column. Use a larger integer column.",
    "The conversion of the nvarchar value '…' overflowed an INT1 column. Use a larger integer column.",
  ],
  [
    "Cannot insert duplicate key row in object 'dbo.X' with unique index 'IX_1'. The duplicate key value is (1, x).",
    "Cannot insert duplicate key row in object 'dbo.X' with unique index 'IX_1'. The duplicate key value is (…).",
  ],
  ["Invalid email address: Ann Lee", "Invalid email address: …"],
  ["Incorrect syntax near 'Ann'.", "Incorrect syntax near '…'."],
  ["ann@shop.example is not a valid email address", "… is not a valid email address"],
  ["Query failed. Ann Lee is not a valid email address.", "… is not a valid email address."],
  ["Something about ann@shop.example here", "Something about … here"],
  ["Cut in the middle: value 'Ann O'Ha", "Cut in the middle: value '…"],
  ["Unknown text 'a' and 'b' here", "Unknown text '…' here"],
  ["Unknown text 'O'Hara' here", "Unknown text '…"],
];

describe("maskValues()", () => {
  it.each(untouched)("keeps %s", (text) => {
    expect(maskValues(text)).toBe(text);
  });

  it.each(masked)("masks the values of %s", (text, expected) => {
    expect(maskValues(text)).toBe(expected);
  });

  it("changes nothing the second time", () => {
    for (const text of [...untouched, ...masked.map(([before]) => before)])
      expect(maskValues(maskValues(text))).toBe(maskValues(text));
  });

  it("cuts what nobody reads, without letting a cut literal through", () => {
    const text = `Conversion failed when converting the varchar value '${"CANARY ".repeat(10_000)}' to data type int.`;
    expect(maskValues(text)).toBe("Conversion failed when converting the varchar value '…");
  });

  it("takes a moment only for a hostile message", () => {
    for (const piece of ["value '", "' to data type", "'", '"', "@", "Field '", "value = ", "into column 'a', ", "("]) {
      const from = performance.now();
      maskValues(piece.repeat(100_000));
      expect(performance.now() - from).toBeLessThan(500);
    }
  });

  it("lets no value quoted anywhere inside those texts survive", () => {
    const texts = fc.constantFrom(...untouched, ...masked.map(([text]) => text));
    fc.assert(
      fc.property(texts, fc.nat(), quoted(), (text, position, value) => {
        const at = position % (text.length + 1);
        expect(maskValues(text.slice(0, at) + value + text.slice(at))).not.toContain("CANARY");
      }),
      { numRuns: 5000 },
    );
  });

  it("lets no value survive where MCE puts one, quotes and brackets in it or not", () => {
    const places = fc.constantFrom<(value: string) => string>(
      (value) => `Conversion failed when converting the varchar value '${value}' to data type int.`,
      (value) => `Query failed. Error: The conversion of the varchar value '${value}' overflowed an int column.`,
      (value) =>
        `Violation of PRIMARY KEY constraint 'PK'. Cannot insert duplicate key in object 'dbo.X'. The duplicate key value is (${value}).`,
      (value) => `The duplicate key value is (a, ${value}, c).\r\nThe statement has been terminated.`,
      (value) => `String or binary data would be truncated in table 'T', column 'C'. Truncated value: '${value}'.`,
      (value) => `${value} is not a valid email address`,
    );
    fc.assert(
      fc.property(places, awkward(), fc.boolean(), fc.nat(), (place, value, isCut, cut) => {
        const whole = place(value);
        const text = isCut ? whole.slice(0, whole.indexOf("CANARY") + 6 + (cut % 40)) : whole;
        // A cut before its last words leaves nothing to know this one by.
        if (isCut && whole === `${value} is not a valid email address`) return;
        expect(maskValues(text)).not.toContain("CANARY");
      }),
      { numRuns: 5000 },
    );
  });
});

/** A query, MCE's words about it, and what of them is shown. */
const about: readonly (readonly [sql: string, text: string, shown: string])[] = [
  ["SELECT FirstName AS ‘First_Name’ FROM C", "Incorrect syntax near '‘'.", "same"],
  ["SELECT FirstName AS ‘First_Name’ FROM C", "Incorrect syntax near '‘First_Name’'.", "same"],
  ["SELECT a FROM C WHERE City = ‘Paris’", "Incorrect syntax near '‘'.", "same"],
  ["SELECT a FROM C WHERE City = ‘Paris’", "Incorrect syntax near 'Paris'.", "Incorrect syntax near '…'."],
  ["SELECT a FROM C WHERE City = ‘New Paris’", "Incorrect syntax near 'New'.", "Incorrect syntax near '…'."],
  ["SELECT a FROM 2024 Leads", "Incorrect syntax near '2024'.", "same"],
  ["SELECT a FROM 2024 Leads", "Incorrect syntax near 'leads'.", "same"],
  ["SELECT a FROM Leads-2024", "Incorrect syntax near '-'.", "same"],
  ["SELECT a FROM Leads–2024", "Incorrect syntax near '–'.", "same"],
  ["SELECT a FROM (SELECT b FROM c)", "Incorrect syntax near ')'.", "same"],
  ["SELECT ROW_NUMBER() AS n FROM C", "The function 'row_number' must have an OVER clause with ORDER BY.", "same"],
  ["SELECT [What's Newx] FROM C", "Invalid column name 'What's Newx'.", "same"],
  [
    "SELECT [What's Newx], 'secret' AS b FROM C",
    "Invalid column name 'What's Newx'. Incorrect syntax near 'secret'.",
    "Invalid column name 'What's Newx'. Incorrect syntax near '…'.",
  ],
  ["SELECT [O'Hara's List].a FROM x", "A data extension named O'Hara's List is locked", "same"],
  ["SELECT c.Emial FROM C c", "Cannot find the column 'c.Emial' in this list", "same"],
  ["SELECT Emial FROM C", "Column 'C7000001.Emial' does not exist", "same"],
  ["SELECT a FROM C WHERE b = 'Ann'", "Incorrect syntax near 'Ann'.", "Incorrect syntax near '…'."],
  ["SELECT a FROM C WHERE b = 'O''Hara'", "Incorrect syntax near 'O'Hara'.", "Incorrect syntax near '…'."],
  ["SELECT a FROM C WHERE b = 'a'' x ''a'", "Incorrect syntax near 'a' x 'a'.", "Incorrect syntax near '…'."],
  ["SELECT a FROM C WHERE b = 'Ann Lee'", "The text Ann Lee is odd", "The text … is odd"],
  ["SELECT a FROM C WHERE b = 'from Ann.Lee'", "The Ann.Lee table, from Ann.Lee", "The Ann.Lee table, …"],
  ["SELECT a FROM C WHERE b = 'O'Hara'", "Incorrect syntax near 'Hara'.", "Incorrect syntax near '…'."],
  ["SELECT Ann FROM C WHERE b = 'Ann'", "Invalid column name 'Ann'.", "same"],
  ["SELECT a FROM C WHERE b = 'Ann'", "Invalid column name 'Ann'.", "Invalid column name '…'."],
  ["SELECT a FROM C WHERE b = 'error'", "An error occurred. Errors: Invalid column name 'a'.", "same"],
  [
    "SELECT a FROM C WHERE b = 'Update'",
    "Update Type must be 'Update' or the target data extension cannot appear in the query.",
    "same",
  ],
  ["SELECT a AS 'First Name' FROM C", "The column 'First Name' was specified multiple times for 'querydef'.", "same"],
  [
    "SELECT Name FROM C",
    "Conversion failed when converting the varchar value 'Name' to data type int.",
    "Conversion failed when converting the varchar value '…' to data type int.",
  ],
  ["SELECT Name FROM C", "Bad 'Name' secret 'Name' here", "Bad '…' here"],
];

describe("maskValues() with the query's text", () => {
  it.each(about)("%s: %s", (sql, text, shown) => {
    expect(maskValues(text, ownWords(sql))).toBe(shown === "same" ? text : shown);
  });

  it("keeps the names of columns that are known besides", () => {
    const text =
      "Cannot insert the value NULL into column 'Mother's Day', table 'C1.dbo.T'; column does not allow nulls.";
    expect(maskValues(text, ownWords("SELECT * FROM C", ["Mother's Day"]))).toBe(text);
  });

  it("changes nothing the second time", () => {
    for (const [sql, text] of about) {
      const words = ownWords(sql);
      expect(maskValues(maskValues(text, words), words)).toBe(maskValues(text, words));
    }
  });

  it("lets no literal of the query survive in any message", () => {
    const texts = fc.constantFrom(...untouched, ...masked.map(([text]) => text), ...about.map(([, text]) => text));
    const shapes = fc.constantFrom<(value: string) => string>(
      (value) => `'${value}'`,
      (value) => `"${value}"`,
      (value) => `(${value})`,
      (value) => ` ${value} `,
      (value) => `near '${value}'.`,
    );
    fc.assert(
      fc.property(texts, fc.nat(), shapes, awkward(), (text, position, shape, value) => {
        const at = position % (text.length + 1);
        const sql = `SELECT a, [What's Newx] FROM x WHERE column = '${value.replaceAll("'", "''")}' AND into = 1`;
        const said = text.slice(0, at) + shape(value) + text.slice(at);
        expect(maskValues(said, ownWords(sql))).not.toContain("CANARY");
      }),
      { numRuns: 5000 },
    );
  });

  it("lets no value survive where MCE puts one, made of the query's words or not", () => {
    const words = ownWords("SELECT a, x, [it's], into FROM column WHERE value = 1 AND is = reserved AND y = 'z'");
    fc.assert(
      fc.property(places(), awkward(), (place, value) => {
        expect(maskValues(place(value), words)).not.toContain("CANARY");
      }),
      { numRuns: 5000 },
    );
  });

  it("takes a moment only for thousands of literals and a hostile message", () => {
    const list = Array.from({ length: 8000 }, (_, n) => `'key-${n}'`).join(", ");
    const words = ownWords(`SELECT a FROM C WHERE b IN (${list}, 'a', '''', 'value ''')`);
    for (const piece of ["key-7 ", "a", "value '", "'a' ", "near 'a'. "]) {
      const from = performance.now();
      maskValues(piece.repeat(4000), words);
      expect(performance.now() - from).toBeLessThan(1000);
    }
  });
});

describe("shownMessage()", () => {
  it.each([
    [
      "MCE refuses the connection's credentials (HTTP 401): invalid_client: Use the endpoint of your tenant, 'x'",
      "MCE refuses the connection's credentials (HTTP 401): invalid_client: Use the endpoint of your tenant, '…'",
    ],
    [
      "Cannot do SOAP Create: MCE answered with a fault: Ann Lee is not a valid email address",
      "Cannot do SOAP Create: MCE answered with a fault: … is not a valid email address",
    ],
    ["Cannot use AUTH token: its instance URLs are not the tenant's", "same"],
    ["Cannot do SOAP Create: no answer within 5 ms", "same"],
    ["MCE refuses the connection's credentials (HTTP 403)", "same"],
    ["The connection's sub-domain is no sub-domain of a tenant", "same"],
    ["value 'Ann' is odd", "value '…"],
  ])("keeps our own sentence: %s", (message, shown) => {
    expect(shownMessage({ message })).toBe(shown === "same" ? message : shown);
  });
});

/** Where MCE puts a value of a row. */
function places() {
  return fc.constantFrom<(value: string) => string>(
    (value) => `Conversion failed when converting the varchar value '${value}' to data type int.`,
    (value) => `Query failed. Error: The conversion of the varchar value '${value}' overflowed an int column.`,
    (value) =>
      `Violation of PRIMARY KEY constraint 'PK'. Cannot insert duplicate key in object 'dbo.X'. The duplicate key value is (${value}).`,
    (value) => `The duplicate key value is (a, ${value}, c).\r\nThe statement has been terminated.`,
    (value) => `String or binary data would be truncated in table 'T', column 'C'. Truncated value: '${value}'.`,
    (value) => `${value} is not a valid email address`,
    (value) => `Invalid e-mail address: ${value}`,
    (value) =>
      `Invalid column name 'a'. Conversion failed when converting the varchar value '${value}' to data type int. Conversion failed when converting the varchar value 'x' to data type int.`,
  );
}

/** A value in quotes, as a message would show it. */
function quoted(): fc.Arbitrary<string> {
  const plain = fc.stringMatching(/^[ -&(-~]{0,12}$/).filter((text) => !text.includes('"'));
  return fc.tuple(plain, plain).map(([before, after]) => `'${before}CANARY${after}'`);
}

/** A value made of what the messages themselves are made of. */
function awkward(): fc.Arbitrary<string> {
  const piece = fc.constantFrom(
    "'",
    "''",
    '"',
    "(",
    ")",
    ").",
    "' to data type int.",
    " column 'x'",
    "Invalid column name '",
    "'.",
    "@",
    "a",
    " ",
    "\r\n",
    "Field '",
    "' is required",
    "'into' is a reserved word",
    ", ",
    "don't",
    "value '",
    "value = ",
    "The statement has been terminated.",
  );
  const some = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(""));
  return fc.tuple(some, some).map(([before, after]) => `${before}CANARY${after}`);
}
