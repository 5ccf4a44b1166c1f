import { given } from "#lang/given.ts";
import type { Entry, SqlError } from "./error-entry.ts";
import { refusals } from "./error-refusals.ts";
import { mceErrors } from "./mce-errors.ts";

/** Failures of a running query: MCE 8.6. */
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
    pattern: /String or binary data would be truncated(?: in table '.+?', column '(.+?)'(?=[.,;]|\s*$))?/i,
    title: "A text is longer than its column",
    meaning: "A value of the result does not fit the length of the field it goes into",
    advice:
      "Make the target's field longer; only a text that is no key may be cut with LEFT(text, n): cut keys may become one",
  },
  {
    code: "NULL_VALUE",
    pattern: /Cannot insert the value NULL into column '(.+?)'(?=[.,;]|\s|$)/i,
    title: "A required field would be empty",
    meaning: "The query gives NULL for a field of the target that may not be empty",
    advice: "Filter such rows, or give a value: ISNULL(column, '…')",
  },
  {
    code: "DATE_OUT_OF_RANGE",
    pattern:
      /conversion of an? \w+ data type to an? \w*date\w* data type resulted in an out-of-range|out-of-range (?:small)?date|Adding a value to an? '\w*date\w*' column caused an? overflow/i,
    title: "A date is out of range",
    meaning:
      "A text was read as month/day/year, where '31/12/2024' has no month 31, or a date lies beyond its type: a datetime holds the years 1753 to 9999",
    advice: "Write dates as 'yyyy-MM-dd', or name the format: CONVERT(DATETIME, text, 103) reads day/month/year",
  },
  {
    code: "CONVERSION",
    pattern: /Conversion failed when converting (?:date and\/or time|datetime|the \w+ value .* to data type \w*date)/is,
    title: "A text is no date",
    meaning: "A text could not be turned into a date, in the query itself or on the way into the field",
    advice:
      "Write dates as 'yyyy-MM-dd', or name the format: CONVERT(DATETIME, text, 103) reads day/month/year; filter texts that are no dates with ISDATE",
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
    pattern: /Arithmetic overflow|overflowed an? \w+ column|out-of-range value/i,
    title: "A number is too large",
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
    pattern: /not a valid e-?mail address|invalid e-?mail address/i,
    title: "An e-mail address is not valid",
    meaning: "MCE checks every value that goes into an EmailAddress field",
    advice: "Filter such rows, or make the target's field a Text",
  },
  {
    code: "DEADLOCK",
    pattern: /\bdeadlock(?:ed|s)?\b/i,
    title: "The query met a deadlock",
    meaning:
      "Another query or import held what this one needed, and the other way round, so the database ended this one",
    advice: "Run the query again, when imports and other queries on its tables are through",
  },
  {
    code: "TARGET_LOCKED",
    pattern: /Target data extension is locked|\block request time-?\s?out/i,
    title: "A Data Extension is in use",
    meaning: "Another query, import or send holds the target, or a table the query reads",
    advice: "Run the query again later",
  },
  {
    code: "QUERY_TIMEOUT",
    pattern: /took too long|time-?out|timed out|execution time/i,
    title: "The query took too long",
    meaning: "MCE ends a query after 30 minutes",
    advice: "Read fewer rows (a shorter date range), join on keys, or split the query into steps",
  },
  {
    code: "ONE_VALUE_EXPECTED",
    pattern: /Subquery returned more than 1 value/i,
    title: "A subquery gives more than one value",
    meaning: "Where one value is expected, the subquery in brackets found several rows",
    advice: "Limit it to one (SELECT TOP 1 … ORDER BY …, MAX), or compare with IN",
  },
  {
    code: "LENGTH_INVALID",
    pattern: /Invalid length parameter passed/i,
    title: "A length is negative",
    meaning: "LEFT, RIGHT or SUBSTRING got a length below 0, often CHARINDEX(…) - 1 where nothing was found",
    advice: "Guard it: LEFT(text, NULLIF(CHARINDEX('x', text), 0) - 1)",
  },
];

/** What a message of MCE means; the first entry that fits, those about the query before what MCE says of itself. */
export function explainSqlError(text: string): SqlError | undefined {
  for (const { pattern, severity = "error", ...told } of [...refusals, ...failures, ...mceErrors]) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const name = match[1];
    return { ...told, severity, ...given({ name }) };
  }
  return undefined;
}

/** Whether a message of MCE speaks of MCE itself, the connection or a call of ours, and so says nothing of the query. */
export function isAboutMce(text: string): boolean {
  const code = explainSqlError(text)?.code;
  return mceErrors.some((entry) => entry.code === code);
}
