/** What MCE's or SQL Server's text about a query comes down to; `name` is the column, table, function or word it speaks of. */
export type SqlError = {
  code: string;
  severity: "error" | "warning";
  title: string;
  meaning: string;
  advice: string;
  name?: string;
};

type Entry = Omit<SqlError, "severity" | "name"> & {
  /** Core words only: the text around them is not proven (FACTS 8.6). A first group catches the name. */
  pattern: RegExp;
  severity?: "warning";
};

/** Refusals of the checker, at save: FACTS 5.2, and SQL Server's own texts for what it compiles. */
const refusals: readonly Entry[] = [
  {
    code: "ORDER_BY_WITHOUT_TOP",
    pattern: /ORDER BY clause is invalid in views/i,
    title: "ORDER BY needs TOP",
    meaning: "MCE runs your SELECT inside another one, where rows have no order unless they are limited",
    advice: "Remove ORDER BY, or limit the rows: SELECT TOP 100 …",
  },
  {
    code: "MULTI_PART_NAME",
    pattern: /The (\S+) table has a multi-part specification/i,
    title: "A table name has a prefix",
    meaning: "MCE allows no database, schema or business unit before a table's name, but Ent.",
    advice: "Write the Data Extension's name alone, or Ent.[name] for a shared one",
  },
  {
    code: "RESERVED_WORD",
    pattern: /'([^']*)' is a reserved word/i,
    title: "A word is not allowed",
    meaning: "MCE refuses this word or sign anywhere in a query",
    advice: "Remove it; a column or table of that name stands in [brackets]",
  },
  {
    code: "NOT_A_SELECT",
    pattern: /Only SELECT queries are valid/i,
    title: "Only SELECT can run",
    meaning: "MCE's Query Activities read; the result's table is written by MCE itself",
    advice: "Write one SELECT",
  },
  {
    code: "REQUIRED_FIELD",
    pattern: /Field '([^']*)' is required for the Target Data Extension/i,
    title: "The target needs a column the query lacks",
    meaning: "A required field or primary key of the target is not among the query's columns",
    advice: "Select a column of that name",
  },
  {
    code: "NO_WHERE",
    severity: "warning",
    pattern: /Just a heads-up/i,
    title: "The query reads whole tables",
    meaning: "MCE suggests a WHERE clause, since large reads are slow",
    advice: "Add a WHERE clause if you need fewer rows",
  },
  {
    code: "UNKNOWN_COLUMN",
    pattern: /Invalid column name '([^']*)'/i,
    title: "A column does not exist",
    meaning: "None of the query's tables has a column of this name",
    advice: "Check the name's spelling and its table",
  },
  {
    code: "UNKNOWN_TABLE",
    pattern: /Invalid object name '([^']*)'/i,
    title: "A table does not exist",
    meaning: "This business unit has no Data Extension or data view of this name, or it has been deleted",
    advice: "Check the name; a shared Data Extension is written Ent.[name]",
  },
  {
    code: "AMBIGUOUS_COLUMN",
    pattern: /Ambiguous column name '([^']*)'/i,
    title: "A column is in two tables",
    meaning: "More than one table of the query has a column of this name",
    advice: "Write the table's name or alias before it",
  },
  {
    code: "UNKNOWN_PREFIX",
    pattern: /multi-part identifier "([^"]*)" could not be bound/i,
    title: "A table is not part of the query",
    meaning: "The name before the dot is no table or alias of this FROM",
    advice: "Use the alias the FROM gives the table",
  },
  {
    code: "NOT_GROUPED",
    pattern: /Column '([^']*)' is invalid in the (?:select list|HAVING clause|ORDER BY clause)/i,
    title: "A column is neither grouped nor aggregated",
    meaning: "With GROUP BY, every selected column must be grouped by or inside COUNT, SUM, MIN, MAX and the like",
    advice: "Add the column to GROUP BY, or put it into an aggregate",
  },
  {
    code: "UNKNOWN_FUNCTION",
    pattern: /'([^']*)' is not a recognized (?:built-in )?function name/i,
    title: "A function does not exist",
    meaning: "MCE's database has no function of this name",
    advice: "Use T-SQL's function for it",
  },
  {
    code: "DUPLICATE_COLUMN",
    pattern: /The column '([^']*)' was specified multiple times/i,
    title: "Two columns have one name",
    meaning: "Each column of a result or inner SELECT needs a name of its own",
    advice: "Give one of them an alias",
  },
  {
    code: "UNNAMED_COLUMN",
    pattern: /No column name was specified for column (\d+)/i,
    title: "A column has no name",
    meaning: "An expression in the select list has no alias",
    advice: "Write AS and a name behind it",
  },
  {
    code: "TOO_DEEP",
    pattern: /statement is nested too deeply/i,
    title: "The query is nested too deeply",
    meaning: "SQL Server reads only so many calls, brackets and conditions inside one another",
    advice: "Do it in steps: a derived table for the inner part, or a query into a Data Extension first",
  },
  {
    code: "SYNTAX",
    pattern: /Incorrect syntax near (?:the keyword )?'([^']*)'/i,
    title: "The query cannot be read",
    meaning: "SQL Server stumbles over this word or sign, or over what stands before it",
    advice: "Look at the text just before it: a missing comma, parenthesis or word",
  },
];

/** Failures of a running query: FACTS 8.6. */
const failures: readonly Entry[] = [
  {
    code: "DUPLICATE_KEY",
    pattern: /Violation of PRIMARY KEY constraint|Cannot insert duplicate key/i,
    title: "A primary key occurs twice",
    meaning: "The result repeats a key value, or appends one the target already has",
    advice: "Make the rows distinct by the key (GROUP BY, ROW_NUMBER), or update instead of append",
  },
  {
    code: "TRUNCATED",
    pattern: /String or binary data would be truncated/i,
    title: "A text is longer than its column",
    meaning: "A value of the result does not fit the length of the field it goes into",
    advice: "Cut it with LEFT(text, n), or make the target's field longer",
  },
  {
    code: "NULL_VALUE",
    pattern: /Cannot insert the value NULL into column '([^']*)'/i,
    title: "A required field would be empty",
    meaning: "The query gives NULL for a field of the target that may not be empty",
    advice: "Filter such rows, or give a value: ISNULL(column, '…')",
  },
  {
    code: "CONVERSION",
    pattern: /Conversion failed when converting|Error converting data type/i,
    title: "A value does not fit its type",
    meaning: "A text could not be turned into a number or date, in the query itself or on the way into the field",
    advice: "Filter such values (ISNUMERIC, ISDATE, LIKE), or compare and keep them as text",
  },
  {
    code: "OVERFLOW",
    pattern: /Arithmetic overflow|out-of-range value/i,
    title: "A number or date is too large",
    meaning: "A value is beyond what its type holds: a Number of MCE has 32 bits",
    advice: "CAST to BIGINT or DECIMAL before adding or multiplying",
  },
  {
    code: "DIVIDE_BY_ZERO",
    pattern: /Divide by zero/i,
    title: "Something is divided by zero",
    meaning: "The divisor is 0 in at least one row",
    advice: "Divide by NULLIF(divisor, 0)",
  },
  {
    code: "INVALID_EMAIL",
    pattern: /not a valid e-?mail address/i,
    title: "An e-mail address is not valid",
    meaning: "MCE checks every value that goes into an EmailAddress field",
    advice: "Filter such rows, or make the target's field a Text",
  },
  {
    code: "QUERY_TIMEOUT",
    pattern: /took too long|time-?out|timed out|execution time/i,
    title: "The query took too long",
    meaning: "MCE ends a query after 30 minutes",
    advice: "Read fewer rows (a shorter date range), join on keys, or split the query into steps",
  },
  {
    code: "TARGET_LOCKED",
    pattern: /Target data extension is locked/i,
    title: "The target is in use",
    meaning: "Another query, import or send holds the Data Extension",
    advice: "Run the query again later",
  },
];

/** What a message of MCE about a query means; the first entry that fits, refusals before failures. */
export function explainSqlError(text: string): SqlError | undefined {
  for (const { pattern, severity = "error", ...told } of [...refusals, ...failures]) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const name = match[1];
    return { ...told, severity, ...(name === undefined ? {} : { name }) };
  }
  return undefined;
}
