import { describe, expect, it } from "vitest";
import type { Column } from "#protocol/column.ts";
import { longerTexts } from "../../src/queue-bridge/query/longer-texts.ts";

const truncated = "Query failed during execution. Error: String or binary data would be truncated.";
const named = (column: string) =>
  `String or binary data would be truncated in table 'C7.QPP_x', column '${column}'. Truncated value: 'Ann'.`;

const columns: readonly Column[] = [
  { name: "First", type: "Text", maxLength: 50 },
  { name: "What's New", type: "Text", maxLength: 10 },
  { name: "Guess", type: "Text", maxLength: 4000, assumed: true },
  { name: "Unbounded", type: "Text" },
  { name: "Amount", type: "Decimal", precision: 12, scale: 2 },
  { name: "Day", type: "Date" },
  { name: "Flag", type: "Boolean" },
];

/** The names of the columns that have changed. */
function grown(message: string, from = columns): readonly string[] | undefined {
  const longer = longerTexts(from, message)?.columns;
  return longer?.filter((column, index) => column !== from[index]).map(({ name }) => name);
}

describe("longerTexts()", () => {
  it.each([
    ["every text that can grow, where MCE names none", truncated, ["First", "What's New"]],
    ["the text that MCE names", named("First"), ["First"]],
    ["the text that MCE names in another case", named("FIRST"), ["First"]],
    ["a name with an apostrophe", named("What's New"), ["What's New"]],
    ["every text, where MCE names a column that is not the query's", named("Other"), ["First", "What's New"]],
  ])("grows %s", (_, message, names) => expect(grown(message)).toEqual(names));

  it.each([
    ["the named text is as long as can be", named("Guess")],
    ["the named text has no bounds", named("Unbounded")],
    ["the named column is no text", named("Amount")],
    ["a value cannot be converted", "Conversion failed when converting the varchar value 'a' to data type int."],
    ["a text is no number", "Error converting data type nvarchar to numeric."],
    [
      "a text is no date",
      "The conversion of a varchar data type to a datetime data type resulted in an out-of-range value.",
    ],
    ["a number is too large", "Arithmetic overflow error converting expression to data type int."],
    ["a time span is too large", "The datediff function resulted in an overflow."],
    ["something is divided by zero", "Divide by zero error encountered."],
    ["an address is not valid", "'x' is not a valid email address"],
    ["MCE says what nobody knows", "The weather is fine"],
  ])("returns nothing where %s", (_, message) => expect(grown(message)).toBeUndefined());

  it("returns nothing for a result without a text", () => expect(grown(truncated, columns.slice(4))).toBeUndefined());

  it("keeps each column's type, and makes the text as long as Marketing Cloud has it", () => {
    const longer = longerTexts(columns, truncated);
    expect(longer?.columns.map(({ type }) => type)).toEqual(columns.map(({ type }) => type));
    expect(longer?.columns.slice(0, 2).map(({ maxLength }) => maxLength)).toEqual([4000, 4000]);
    expect(longer?.note).toMatch(/second time, with First, What's New as Text\(4000\)$/);
  });

  it("names ten columns, and how many more", () => {
    const many = Array.from({ length: 12 }, (_, n): Column => ({ name: `C${n}`, type: "Text", maxLength: 5 }));
    expect(longerTexts(many, truncated)?.note).toContain("C9 and 2 more");
  });
});
