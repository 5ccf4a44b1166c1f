import { describe, expect, it } from "vitest";
import { templateOf } from "#console/editor/complete/functions.ts";
import { placeAt, wordBefore } from "#console/editor/complete/place.ts";
import { allChanges, changesOf } from "#console/editor/remarks/edits.ts";
import { parameterNames, parametersOf } from "#console/run/parameters.ts";

const place = (text: string) => {
  const found = placeAt(text.replace("¦", ""), text.indexOf("¦"));
  return [found.qualifiers.join("."), found.typed, wordBefore(found)];
};

describe("placeAt()", () => {
  it.each([
    ["SELECT Cu¦", ["", "Cu", "SELECT"]],
    ["SELECT c.¦", ["c", "", "SELECT"]],
    ["SELECT [My Table].[Na¦", ["My Table", "[Na", "SELECT"]],
    ["FROM Ent.Cust¦", ["Ent", "Cust", "FROM"]],
    ["FROM [Order It¦", ["", "[Order It", "FROM"]],
    ["FROM a JOIN ¦", ["", "", "JOIN"]],
    ["SELECT a, ¦", ["", "", ","]],
    ["SELECT [a]]b].¦", ["a]b", "", "SELECT"]],
  ])("reads %s", (text, expected) => {
    expect(place(text)).toEqual(expected);
  });
});

describe("templateOf()", () => {
  it.each([
    ["LEFT(text, length)", "LEFT(${text}, ${length})"],
    ["GETDATE()", "GETDATE()"],
    ["CONCAT(value, value, …)", "CONCAT(${value}, ${value})"],
    ["TRIM([characters FROM] text)", "TRIM(${text})"],
    ["CAST(value AS type)", "CAST(${value} AS ${type})"],
  ])("makes stops of %s", (signature, template) => {
    expect(templateOf(signature)).toBe(template);
  });
});

const edit = (line: number, column: number, endColumn: number, text: string) => ({
  line,
  column,
  endLine: line,
  endColumn,
  text,
});
const remark = (...edits: ReturnType<typeof edit>[]) => ({
  code: "X",
  message: "x",
  line: 1,
  column: 1,
  endLine: 1,
  endColumn: 2,
  edits,
});

describe("changesOf()", () => {
  it("finds places in lines that end in any way", () => {
    expect(changesOf("ab\r\ncd\nef", [edit(1, 2, 3, "x"), edit(2, 1, 3, "y"), edit(3, 3, 3, "z")])).toEqual([
      { from: 1, to: 2, insert: "x" },
      { from: 4, to: 6, insert: "y" },
      { from: 9, to: 9, insert: "z" },
    ]);
  });
});

describe("allChanges()", () => {
  it("leaves out what touches a change before it", () => {
    const changes = allChanges("abcdef", [
      remark(edit(1, 4, 6, "x")),
      remark(edit(1, 5, 7, "y")),
      remark(edit(1, 1, 2, "z")),
    ]);
    expect(changes).toEqual([
      { from: 0, to: 1, insert: "z" },
      { from: 3, to: 5, insert: "x" },
    ]);
  });
});

describe("parameterNames()", () => {
  it("passes over texts, names, comments and the server's own", () => {
    const sql =
      "SELECT '@a', [@b], @Day /* @c */ FROM t -- @d\nWHERE x = @day AND y > @min AND @@ROWCOUNT > 0 AND m = a@b";
    expect(parameterNames(sql)).toEqual(["day", "min"]);
  });
});

describe("parametersOf()", () => {
  it("takes the values that the text names, an empty one as NULL", () => {
    const known = {
      day: { type: "date" as const, text: "" },
      min: { type: "number" as const, text: "12" },
      other: { type: "text" as const, text: "x" },
    };
    expect(parametersOf("@min @day", known)).toEqual([
      { name: "min", type: "number", value: 12 },
      { name: "day", type: "date", value: null },
    ]);
  });
});
