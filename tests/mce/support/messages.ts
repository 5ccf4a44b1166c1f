import * as fc from "fast-check";

/** The texts of MCE 5.2 and the names they keep: nothing in them is a value. */
export const untouched = [
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

export const masked: readonly (readonly [text: string, shown: string])[] = [
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

/** Where MCE puts a value of a row. */
export function places() {
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

/** A value made of the same pieces as the messages. */
export function awkward(): fc.Arbitrary<string> {
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
