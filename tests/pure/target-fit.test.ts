import { describe, expect, it } from "vitest";
import type { FieldDefinition } from "#mce/soap/field.ts";
import type { Column } from "#protocol/column.ts";
import type { Source } from "#sql/sources.ts";
import { fitTarget, notesOf, refusalsOf } from "#inspect/target/fit.ts";

type Sourced = Column & { source?: Source };

/** The verdict on the first column, or on the first field that ends the run. */
function verdict(
  columns: readonly Sourced[],
  fields: readonly FieldDefinition[],
  mode: "overwrite" | "update" = "overwrite",
) {
  const sources = columns.map(({ source }) => source ?? ({ kind: "rows" } as const));
  const fit = fitTarget({ columns: columns.map(({ source: _source, ...column }) => column), sources, fields, mode });
  if (fit.refusal !== undefined) return "no such run";
  const ending = fit.fields.find((field) => field.verdict === "missing" || field.verdict === "refused");
  if (ending !== undefined) return `${ending.verdict} ${ending.field}`;
  return fit.fields.find(({ column }) => column !== undefined)?.verdict;
}

const text = (maxLength?: number): Column => ({
  name: "A",
  type: "Text",
  ...(maxLength === undefined ? {} : { maxLength }),
});
const number: Column = { name: "A", type: "Number" };
const date: Column = { name: "A", type: "Date" };
const boolean: Column = { name: "A", type: "Boolean" };
const decimal = (precision: number, scale: number): Column => ({ name: "A", type: "Decimal", precision, scale });
const literal = (value: string): Sourced => ({ ...text(Math.max(1, value.length)), source: { kind: "text", value } });
const nothing: Sourced = { ...text(254), source: { kind: "null" } };
const assumed: Column = { ...text(4000), assumed: true };
const field = (fieldType: FieldDefinition["fieldType"], rest: Partial<FieldDefinition> = {}) => [
  { name: "a", fieldType, ...rest },
];

const decimalField = (precision: number, scale: number) => field("Decimal", { precision, scale });

describe("fitTarget()", () => {
  it.each<[string, Sourced, readonly FieldDefinition[], string]>([
    ["the same type, the name in another case", text(50), field("Text", { maxLength: 50 }), "fits"],
    ["a shorter text", text(20), field("Text", { maxLength: 50 }), "fits"],
    ["a longer text", text(51), field("Text", { maxLength: 50 }), "may-fail"],
    ["a longer text for a key", text(254), field("Text", { maxLength: 50, isPrimaryKey: true }), "may-fail"],
    ["any text for an unbounded field", text(), field("Text"), "fits"],
    ["an unbounded field's text", text(), field("Text", { maxLength: 4000 }), "may-fail"],
    ["a text of a type nobody knows", assumed, field("Text", { maxLength: 50 }), "may-fail"],
    ["a longer literal", literal("four"), field("Text", { maxLength: 3 }), "may-fail"],
    ["a literal with blanks at its end", literal("abc  "), field("Text", { maxLength: 3 }), "fits"],
    ["NULL for any length", nothing, field("Text", { maxLength: 3 }), "fits"],
    ["NULL for any type", nothing, field("Date"), "fits"],
    ["NULL for a required field", nothing, field("Date", { isRequired: true }), "refused a"],
    ["NULL for a key", nothing, field("Number", { isPrimaryKey: true }), "refused a"],
    [
      "an address for a text",
      { name: "A", type: "EmailAddress", maxLength: 254 },
      field("Text", { maxLength: 254 }),
      "fits",
    ],
    ["an address for an address", { name: "A", type: "EmailAddress" }, field("EmailAddress"), "fits"],
    ["a text for an address", text(80), field("EmailAddress"), "may-fail"],
    ["a longer text for an address without a length", text(255), field("EmailAddress"), "may-fail"],
    ["a text for a phone number", text(50), field("Phone", { maxLength: 50 }), "fits"],
    ["a text for a locale", text(6), field("Locale"), "may-fail"],
    ["a number for a text", number, field("Text", { maxLength: 11 }), "fits"],
    ["a number for a short text", number, field("Text", { maxLength: 5 }), "may-fail"],
    ["a decimal for a text", decimal(10, 2), field("Text", { maxLength: 12 }), "fits"],
    ["a decimal for a short text", decimal(10, 2), field("Text", { maxLength: 11 }), "may-fail"],
    ["a boolean for a text", boolean, field("Text", { maxLength: 1 }), "fits"],
    ["a date for a text", date, field("Text", { maxLength: 19 }), "may-cut"],
    ["a date for an unbounded text", date, field("Text"), "may-cut"],
    ["a date for a text of 10", date, field("Text", { maxLength: 10 }), "may-fail"],
    ["a number for a decimal", number, decimalField(12, 2), "fits"],
    ["a number for a narrower decimal", number, decimalField(5, 2), "may-fail"],
    ["a number for a decimal of unknown digits", number, field("Decimal", { scale: 2 }), "fits"],
    ["a decimal for the same", decimal(18, 2), decimalField(18, 2), "fits"],
    ["a decimal for one of fewer decimals", decimal(12, 4), decimalField(18, 2), "may-cut"],
    ["a decimal for a narrower one", decimal(18, 2), decimalField(10, 2), "may-fail"],
    ["a decimal for a number", decimal(6, 2), field("Number"), "may-cut"],
    ["a long decimal for a number", decimal(18, 2), field("Number"), "may-fail"],
    ["a long whole number for a number", decimal(19, 0), field("Number"), "may-fail"],
    ["a short whole number for a number", decimal(9, 0), field("Number"), "fits"],
    ["a number for a boolean", number, field("Boolean"), "fits"],
    ["a boolean for a number", boolean, field("Number"), "fits"],
    ["a boolean for a decimal", boolean, decimalField(5, 2), "fits"],
    ["a date for a date", date, field("Date"), "fits"],
    ["a date for a number", date, field("Number"), "refused a"],
    ["a date for a decimal", date, field("Decimal"), "refused a"],
    ["a date for a boolean", date, field("Boolean"), "refused a"],
    ["a number for a date", number, field("Date"), "may-fail"],
    ["a boolean for a date", boolean, field("Date"), "may-fail"],
    ["a text for a number", text(50), field("Number"), "may-fail"],
    ["a text for a decimal", text(50), decimalField(12, 2), "may-fail"],
    ["a text for a date", text(50), field("Date"), "may-fail"],
    ["a text for a boolean", text(50), field("Boolean"), "may-fail"],
    ["an address for a date", { name: "A", type: "EmailAddress" }, field("Date"), "may-fail"],
    ["a text of a type nobody knows for a date", assumed, field("Date"), "fits"],
    ["a literal that is a number", literal("-5"), field("Number"), "fits"],
    ["a literal that SQL Server takes for 0", literal("-"), field("Number"), "fits"],
    ["a literal address", literal("a@b.example"), field("EmailAddress"), "fits"],
    ["a literal that is no address", literal("n/a"), field("EmailAddress"), "may-fail"],
    ["a literal that is none", literal("5a"), field("Number"), "refused a"],
    ["a literal of decimals for a number", literal("5.5"), field("Number"), "refused a"],
    ["a literal of decimals for a decimal", literal("5.5"), field("Decimal"), "fits"],
    ["an empty literal for a decimal", literal(""), field("Decimal"), "refused a"],
    ["a literal True", literal("True"), field("Boolean"), "fits"],
    ["a literal yes", literal("yes"), field("Boolean"), "refused a"],
    ["a literal day", literal("2026-01-15"), field("Date"), "fits"],
    ["a literal that is no day", literal("today"), field("Date"), "refused a"],
  ])("%s", (_, column, fields, expected) => expect(verdict([column], fields)).toBe(expected));

  it.each<[string, Column, readonly FieldDefinition[], string]>([
    [
      "a longer text",
      text(254),
      field("Text", { maxLength: 50 }),
      "A is Text(254) and goes into Text(50): the run fails when a value is longer than 50 characters",
    ],
    [
      "an unbounded text",
      text(),
      field("Text", { maxLength: 50 }),
      "A is Text of any length and goes into Text(50): the run fails when a value is longer than 50 characters",
    ],
    [
      "a decimal that is too wide and too fine",
      decimal(18, 4),
      decimalField(10, 2),
      "A is Decimal(18, 4) and goes into Decimal(10, 2): values are rounded to 2 decimals; the run fails when a value has more than 8 digits before the point",
    ],
    [
      "a text for a date",
      text(50),
      field("Date"),
      "A is Text(50) and goes into Date: the run fails at the first value that is not a date; an empty text becomes January 1, 1900",
    ],
  ])("says in plain words what may happen to %s", (_, column, fields, note) => {
    expect(notesOf(fitTarget({ columns: [column], fields, mode: "append" }))).toEqual([note]);
  });

  it("accepts an all-text table for a typed target, with a note for each field that is not a text", () => {
    const names = ["Id", "Points", "Balance", "Joined", "IsVip"];
    const fields: FieldDefinition[] = [
      { name: "Id", fieldType: "Text", maxLength: 50, isPrimaryKey: true },
      { name: "Points", fieldType: "Number" },
      { name: "Balance", fieldType: "Decimal", precision: 12, scale: 2 },
      { name: "Joined", fieldType: "Date" },
      { name: "IsVip", fieldType: "Boolean" },
    ];
    const columns = names.map((name): Column => ({ name, type: "Text", maxLength: 50 }));
    const fit = fitTarget({ columns, fields, mode: "overwrite" });
    expect(fit.fields.map(({ verdict: found }) => found)).toEqual(["fits", ...Array(4).fill("may-fail")]);
    expect(notesOf(fit)).toHaveLength(4);
  });

  it("requires every primary key and required field, except those with a default value", () => {
    const optional: FieldDefinition = { name: "Note", fieldType: "Text" };
    expect(verdict([number], [...field("Number"), optional])).toBe("fits");
    expect(verdict([number], [...field("Number"), { ...optional, isRequired: true }])).toBe("missing Note");
    expect(verdict([number], [...field("Number"), { ...optional, isRequired: true, hasDefault: true }])).toBe("fits");
    expect(verdict([number], [...field("Number"), { ...optional, isPrimaryKey: true, hasDefault: true }])).toBe(
      "missing Note",
    );
  });

  it("calls a field that the query leaves out and that may be empty unfilled", () => {
    const fields = [...field("Number"), { name: "Note", fieldType: "Text" } as const];
    expect(fitTarget({ columns: [number], fields, mode: "overwrite" })).toEqual({
      fields: [
        { field: "Note", verdict: "unfilled" },
        { field: "a", column: "A", verdict: "fits" },
      ],
    });
  });

  it("names a column the target has no field for", () => {
    expect(verdict([number, { name: "B", type: "Text" }], field("Number"))).toBe("refused B");
  });

  it("requires a primary key and one more field, for an update only", () => {
    const key = field("Number", { isPrimaryKey: true });
    const other: FieldDefinition = { name: "B", fieldType: "Number" };
    expect(verdict([number], field("Number"), "update")).toBe("no such run");
    expect(verdict([number], key, "update")).toBe("no such run");
    expect(verdict([number], [...key, other], "update")).toBe("fits");
    expect(verdict([number], key, "overwrite")).toBe("fits");
  });

  it("lists everything that ends the run, missing fields first, with what to do about each", () => {
    const fields: FieldDefinition[] = [
      { name: "Id", fieldType: "Text", maxLength: 5, isPrimaryKey: true },
      { name: "Points", fieldType: "Number" },
    ];
    const columns: Column[] = [
      { name: "Points", type: "Date" },
      { name: "Age", type: "Number" },
    ];
    expect(refusalsOf(fitTarget({ columns, fields, mode: "append" })).map(({ fix }) => fix)).toEqual([
      "Select a column named Id",
      "Give Points a Number, for example with CAST(… AS INT)",
      "Leave Age out, or give it the name of a field of the target with AS",
    ]);
  });

  it("never advises to cut: two keys might become one", () => {
    const fields = field("Text", { maxLength: 5, isPrimaryKey: true });
    for (const column of [text(50), date, number, assumed]) {
      expect(JSON.stringify(fitTarget({ columns: [column], fields, mode: "append" }))).not.toMatch(/LEFT|SUBSTRING/);
    }
  });

  it.each(["Number", "Text"] as const)("never says what a text literal for a %s is", (fieldType) => {
    const fit = fitTarget({
      columns: [text(6)],
      sources: [{ kind: "text", value: "secret" }],
      fields: field(fieldType, { maxLength: 3 }),
      mode: "append",
    });
    expect(refusalsOf(fit).length + notesOf(fit).length).toBe(1);
    expect(JSON.stringify(fit)).not.toContain("secret");
  });

  it("returns at most as many notes as a run has room for", () => {
    const names = Array.from({ length: 300 }, (_, n) => `C${n}`);
    const columns = names.map((name): Column => ({ name, type: "Text", maxLength: 51 }));
    const fields = names.map((name): FieldDefinition => ({ name, fieldType: "Text", maxLength: 50 }));
    const notes = notesOf(fitTarget({ columns, fields, mode: "append" }));
    expect(notes).toHaveLength(21);
    expect(notes.at(-1)).toContain("280 more columns");
  });
});
