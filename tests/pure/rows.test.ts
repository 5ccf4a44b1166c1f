import { describe, expect, it } from "vitest";
import { typedRows } from "../../src/worker/results/rows.ts";

describe("typedRows()", () => {
  const cases = [
    ["Number", {}, "42", 42],
    ["Number", {}, "-1", -1],
    ["Decimal", { precision: 10, scale: 2 }, "1.50", 1.5],
    ["Decimal", { precision: 18, scale: 2 }, "1.50", "1.50"],
    ["Decimal", {}, "1.50", "1.50"],
    ["Boolean", {}, "True", true],
    ["Boolean", {}, "False", false],
    ["Date", {}, "6/23/2024 12:00:00 AM", "2024-06-23T00:00:00"],
    ["Date", { zone: "server" }, "1/5/2026 12:30:05 PM", "2026-01-05T12:30:05-06:00"],
    ["Date", { zone: "utc" }, "12/31/2026 11:59:59 PM", "2026-12-31T23:59:59Z"],
    ["Text", {}, "007", "007"],
    ["Text", {}, "True", "True"],
    ["Number", {}, "", null],
    ["Text", {}, "", null],
  ] as const;

  it.each(cases)("reads a %s %j of %j as %j", (type, size, text, cell) => {
    expect(typedRows([{ name: "Value", type, ...size }], [{ value: text }])).toEqual([[cell]]);
  });

  it("keeps SELECT order, finds lower-cased names, and gives null for a missing one", () => {
    const columns = [
      { name: "B", type: "Text" },
      { name: "A", type: "Number" },
      { name: "C", type: "Text" },
    ] as const;
    expect(typedRows(columns, [{ a: "1", b: "x", _customobjectkey: "9" }])).toEqual([["x", 1, null]]);
  });

  it("finds a name whose lower case MCE writes differently", () => {
    const columns = [
      { name: "İstanbul", type: "Text" },
      { name: "Straße", type: "Text" },
    ] as const;
    expect(typedRows(columns, [{ istanbul: "x", straße: "y" }])).toEqual([["x", "y"]]);
    expect(typedRows(columns, [{ "i\u0307stanbul": "x", straße: "y" }])).toEqual([["x", "y"]]);
  });

  const textColumns = (...names: string[]) => names.map((name) => ({ name, type: "Text" }) as const);

  it("tells names apart that differ by a dot alone", () => {
    const turkish = { i: "1", "i\u0307": "2", ı: "3", i2: "4" };
    expect(typedRows(textColumns("i", "İ", "ı", "I2"), [turkish])).toEqual([["1", "2", "3", "4"]]);
    expect(typedRows(textColumns("İ", "i"), [{ İ: "2", i: "1" }])).toEqual([["2", "1"]]);
    expect(typedRows(textColumns("a\u0307", "a"), [{ "a\u0307": "1", a: "2" }])).toEqual([["1", "2"]]);
  });

  it("gives null for a name that two of MCE's names match", () => {
    expect(typedRows(textColumns("xİ"), [{ xi: "1", xİ: "2" }])).toEqual([[null]]);
  });

  it("gives dates no zone for the column's name", () => {
    expect(typedRows([{ name: "SentUTC", type: "Date" }], [{ sentutc: "1/5/2026 1:00:00 AM" }])).toEqual([
      ["2026-01-05T01:00:00"],
    ]);
  });

  it("returns a value that does not fit its type unchanged", () => {
    expect(typedRows([{ name: "N", type: "Number" }], [{ n: "abc" }])).toEqual([["abc"]]);
    expect(typedRows([{ name: "D", type: "Date" }], [{ d: "soon" }])).toEqual([["soon"]]);
  });
});
