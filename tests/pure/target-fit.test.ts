import { describe, expect, it } from "vitest";
import type { FieldDefinition } from "#mce/soap/field.ts";
import type { Column } from "#protocol/column.ts";
import type { Source } from "#sql/sources.ts";
import { fitTarget } from "../../src/queue-bridge/target/fit.ts";

type Sourced = Column & { source?: Source };

/** The first misfit's column, or the number of notes. */
function verdict(
  columns: readonly Sourced[],
  fields: readonly FieldDefinition[],
  mode: "overwrite" | "update" = "overwrite",
) {
  const sources = columns.map(({ source }) => source ?? ({ kind: "field" } as const));
  const fit = fitTarget({ columns: columns.map(({ source: _source, ...column }) => column), sources, fields, mode });
  return fit.misfits[0]?.column ?? fit.notes.length;
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
const computed = (column: Column): Sourced => ({ ...column, source: { kind: "computed" } });
const nothing: Sourced = { ...text(254), source: { kind: "null" } };
const assumed: Column = { ...text(4000), assumed: true };
const field = (fieldType: FieldDefinition["fieldType"], rest: Partial<FieldDefinition> = {}) => [
  { name: "a", fieldType, ...rest },
];

describe("fitTarget()", () => {
  it.each<[string, Sourced, readonly FieldDefinition[], string | number]>([
    ["the same type, the name in another case", text(50), field("Text", { maxLength: 50 }), 0],
    ["a shorter text", text(20), field("Text", { maxLength: 50 }), 0],
    ["a longer field", text(51), field("Text", { maxLength: 50 }), "A"],
    ["any text for an unbounded field", text(), field("Text"), 0],
    ["a worked-out text that may be longer", computed(text(51)), field("Text", { maxLength: 50 }), 1],
    ["an unbounded field's text", text(), field("Text", { maxLength: 50 }), 1],
    ["a text of a type nobody knows", assumed, field("Text", { maxLength: 50 }), 1],
    ["a longer literal", literal("four"), field("Text", { maxLength: 3 }), "A"],
    ["a literal with blanks at its end", literal("abc  "), field("Text", { maxLength: 3 }), 0],
    ["NULL for any length", nothing, field("Text", { maxLength: 3 }), 0],
    ["NULL for any type", nothing, field("Date"), 0],
    ["NULL for a required field", nothing, field("Date", { isRequired: true }), "A"],
    [
      "an address for a text",
      { name: "A", type: "EmailAddress", maxLength: 254 },
      field("Text", { maxLength: 254 }),
      0,
    ],
    ["a longer text for an address without a length", text(255), field("EmailAddress"), "A"],
    ["a text for a phone number", text(50), field("Phone", { maxLength: 50 }), 0],
    ["a text for a locale", text(6), field("Locale"), "A"],
    ["a number for a text", number, field("Text", { maxLength: 5 }), 0],
    ["a date for a text", date, field("Text", { maxLength: 19 }), 0],
    ["a date for a text of 18", computed(date), field("Text", { maxLength: 18 }), "A"],
    ["a number for a decimal", number, field("Decimal", { precision: 5, scale: 2 }), 0],
    ["a decimal for a number", decimal(10, 2), field("Number"), 1],
    ["a long whole number for a number", decimal(19, 0), field("Number"), 0],
    ["a number for a boolean", number, field("Boolean"), 0],
    ["a boolean for a number", boolean, field("Number"), 0],
    ["a date for a number", computed(date), field("Number"), "A"],
    ["a date for a decimal", date, field("Decimal"), "A"],
    ["a date for a boolean", date, field("Boolean"), "A"],
    ["a field of numbers for a date", number, field("Date"), "A"],
    ["a worked-out number for a date", computed(number), field("Date"), 1],
    ["a field of texts for a number", text(50), field("Number"), "A"],
    ["a field of texts for a date", text(50), field("Date"), "A"],
    ["a field of texts for a boolean", text(50), field("Boolean"), "A"],
    ["a worked-out text for a date", computed(text(10)), field("Date"), 1],
    ["a text of a type nobody knows for a date", assumed, field("Date"), 0],
    ["a literal that is a number", literal("-5"), field("Number"), 0],
    ["a literal that is none", literal("5a"), field("Number"), "A"],
    ["a literal of decimals for a number", literal("5.5"), field("Number"), "A"],
    ["a literal of decimals for a decimal", literal("5.5"), field("Decimal"), 0],
    ["an empty literal for a decimal", literal(""), field("Decimal"), "A"],
    ["a literal True", literal("True"), field("Boolean"), 0],
    ["a literal yes", literal("yes"), field("Boolean"), "A"],
    ["a literal day", literal("2026-01-15"), field("Date"), 0],
    ["a literal that is no day", literal("today"), field("Date"), "A"],
  ])("%s", (_, column, fields, expected) => expect(verdict([column], fields)).toBe(expected));

  it("wants every primary key and required field, but not one that has a default value", () => {
    const optional: FieldDefinition = { name: "Note", fieldType: "Text" };
    expect(verdict([number], [...field("Number"), optional])).toBe(0);
    expect(verdict([number], [...field("Number"), { ...optional, isRequired: true }])).toBe("Note");
    expect(verdict([number], [...field("Number"), { ...optional, isRequired: true, hasDefault: true }])).toBe(0);
    expect(verdict([number], [...field("Number"), { ...optional, isPrimaryKey: true, hasDefault: true }])).toBe("Note");
  });

  it("names a column the target has no field for", () => {
    expect(verdict([number, { name: "B", type: "Text" }], field("Number"))).toBe("B");
  });

  it("wants a primary key, and a field beside it, for an update only", () => {
    const key = field("Number", { isPrimaryKey: true });
    const other: FieldDefinition = { name: "B", fieldType: "Number" };
    expect(verdict([number], field("Number"), "update")).toBe("a");
    expect(verdict([number], key, "update")).toBe("a");
    expect(verdict([number], [...key, other], "update")).toBe(0);
    expect(verdict([number], key, "overwrite")).toBe(0);
  });

  it("tells all misfits, missing fields first, with what to do about each", () => {
    const fields: FieldDefinition[] = [
      { name: "Id", fieldType: "Text", maxLength: 5, isPrimaryKey: true },
      { name: "Name", fieldType: "Text", maxLength: 5 },
    ];
    const columns: Column[] = [
      { name: "Name", type: "Text", maxLength: 50 },
      { name: "Age", type: "Number" },
    ];
    const { misfits } = fitTarget({
      columns,
      sources: [{ kind: "field" }, { kind: "computed" }],
      fields,
      mode: "append",
    });
    expect(misfits.map(({ column, fix }) => [column, fix])).toEqual([
      ["Id", "Select a column named Id"],
      ["Name", "Cut it, for example with LEFT(…, 5) AS Name"],
      ["Age", "Leave Age out, or give it the name of a field of the target with AS"],
    ]);
  });

  it("never says what a text literal is", () => {
    const fit = fitTarget({
      columns: [text(6)],
      sources: [{ kind: "text", value: "secret" }],
      fields: field("Number"),
      mode: "append",
    });
    expect(fit.misfits).toHaveLength(1);
    expect(JSON.stringify(fit)).not.toContain("secret");
  });

  it("takes columns of unknown sources for worked out", () => {
    const fit = fitTarget({ columns: [text(51)], fields: field("Text", { maxLength: 50 }), mode: "append" });
    expect(fit).toMatchObject({ misfits: [], notes: [expect.stringContaining("50 characters")] });
  });

  it("gives no more notes than a run carries", () => {
    const names = Array.from({ length: 300 }, (_, n) => `C${n}`);
    const columns = names.map((name): Column => ({ name, type: "Text", maxLength: 51 }));
    const fields = names.map((name): FieldDefinition => ({ name, fieldType: "Text", maxLength: 50 }));
    const { notes } = fitTarget({ columns, fields, mode: "append" });
    expect(notes).toHaveLength(21);
    expect(notes.at(-1)).toContain("280 more columns");
  });
});
