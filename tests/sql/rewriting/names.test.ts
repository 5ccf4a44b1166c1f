import { expect, it } from "vitest";
import { check } from "#sql/check.ts";
import { fieldNames } from "#sql/rewrite/field-names.ts";
import { fieldsOf } from "../support/tables.ts";

it("fieldNames() keeps what a field can be called, and replaces the rest by names that differ", () => {
  expect(
    fieldNames([
      "Id",
      "_CustomObjectKey",
      "_createddate",
      "_ContactKey",
      "a.b",
      "a_b",
      "A:B",
      "Größe & Maß-1",
      "मूल्य",
      "Rate (%)",
      " x ",
      "X",
    ]),
  ).toEqual([
    "Id",
    "CustomObjectKey",
    "createddate",
    "_ContactKey",
    "a_b_2",
    "a_b",
    "A_B_3",
    "Größe & Maß-1",
    "मूल्य",
    "Rate ___",
    "x_2",
    "X",
  ]);
});

it("a result shows its columns' own names, whatever their fields are called", () => {
  const { columns, look, sql, portable, notes } = check(
    "SELECT _CustomObjectKey, Id, Id AS [a.b], 1 FROM People",
    fieldsOf,
  );
  expect(columns.map(({ name, field }) => [name, field])).toEqual([
    ["_CustomObjectKey", "CustomObjectKey"],
    ["Id", undefined],
    ["a.b", "a_b"],
    ["Column4", undefined],
  ]);
  expect(look?.sql).toContain(
    "(SELECT _CustomObjectKey, Id, Id AS [a.b], 1 FROM People) AS [QPP_Query] ([CustomObjectKey], [Id], [a_b], [Column4])",
  );
  expect(sql).toBe("SELECT _CustomObjectKey AS [CustomObjectKey], Id, Id AS [a_b], 1 AS [Column4] FROM People");
  expect(portable).toBe("SELECT _CustomObjectKey, Id, Id AS [a.b], 1 AS [Column4] FROM People");
  expect(notes).toEqual([
    "Column 4 has no name; it is called Column4",
    "No field can be called _CustomObjectKey: in Marketing Cloud it is CustomObjectKey",
    "No field can be called a.b: in Marketing Cloud it is a_b",
  ]);
});

it("a query into a target keeps its names, is not numbered, and needs one name for each column", () => {
  const into = { isInto: true };
  const fine = check(
    "WITH p AS (SELECT Id, Name FROM People) SELECT *, Name AS [a.b] FROM p ORDER BY Name",
    fieldsOf,
    into,
  );
  expect([fine.ok, fine.look, fine.columns.map(({ name, field }) => [name, field])]).toEqual([
    true,
    undefined,
    [
      ["Id", undefined],
      ["Name", undefined],
      ["a.b", undefined],
    ],
  ]);
  expect(fine.sql).toBe("SELECT [Id], [Name], Name AS [a.b] FROM (SELECT Id, Name FROM People) AS [p] ");
  expect(fine.notes).toEqual([
    "WITH does not exist in Marketing Cloud: its common table expressions run as derived tables",
    "ORDER BY was left out: Marketing Cloud allows it with TOP or OFFSET only, and a Data Extension keeps no order",
  ]);
  expect(check("SELECT TOP 5 Id FROM People ORDER BY Id", fieldsOf, into)).toMatchObject({
    sql: "SELECT TOP 5 Id FROM People ORDER BY Id",
    notes: [],
  });
  const { ok, sql, diagnostics } = check("SELECT Id, COUNT(*), ID FROM People GROUP BY Id", fieldsOf, into);
  expect([
    ok,
    sql,
    diagnostics.map(({ code, column, endColumn, edits }) => [code, column, endColumn, edits?.[0]?.text]),
  ]).toEqual([
    false,
    undefined,
    [
      ["UNNAMED_COLUMN", 12, 20, " AS [COUNT]"],
      ["DUPLICATE_COLUMN", 22, 24, " AS [ID_2]"],
    ],
  ]);
});
