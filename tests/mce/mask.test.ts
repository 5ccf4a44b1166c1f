import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskValues } from "../../src/mce/mask.ts";

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
