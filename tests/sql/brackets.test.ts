import { describe, expect, it } from "vitest";
import { check } from "#sql/check.ts";
import type { TableField, TableRef } from "#sql/fields.ts";

const text = (name: string): TableField => ({ name, fieldType: "Text", maxLength: 50 });
const tables: Readonly<Record<string, readonly TableField[]>> = {
  q: ["Id", "First Name", "e-mail", "2024 Total", "Balance (EUR)", "Opt-In Date", "Opt"].map(text),
  news: [text("Id")],
};
const fieldsOf = ({ name, ent }: TableRef) => (ent ? undefined : tables[name.toLowerCase()]);
const tableNames = [
  "2024 Leads",
  "Leads-2024",
  "Leads",
  "My & Big DE",
  "News Subscribers",
  "Welcome Series",
  "Q",
  "News",
];

const found = (sql: string, names: readonly string[] = tableNames) =>
  check(sql, fieldsOf, { tableNames: names }).diagnostics.flatMap(({ severity, code, column, endColumn, fix }) =>
    code === "NOT_UNDERSTOOD" ? [] : [`${severity} ${code} ${column}-${endColumn} ${fix ?? ""}`],
  );

describe("check(), names that need brackets", () => {
  it.each([
    ["SELECT Id FROM 2024 Leads", "error UNBRACKETED_NAME 16-26 Write [2024 Leads]"],
    ["SELECT l.Id FROM 2024 leads l WHERE l.Id = 1", "error UNBRACKETED_NAME 18-28 Write [2024 Leads]"],
    ["SELECT Id FROM Q JOIN Leads-2024 l ON 1 = 1", "error UNBRACKETED_NAME 23-33 Write [Leads-2024]"],
    ["SELECT Id FROM Q, My & Big DE", "error UNBRACKETED_NAME 19-30 Write [My & Big DE]"],
    ["SELECT Id FROM Welcome Series", "warning UNBRACKETED_NAME 16-30 Write [Welcome Series]"],
    ["SELECT Id FROM Q WHERE Id IN (SELECT Id FROM 2024 Leads)", "error UNBRACKETED_NAME 46-56 Write [2024 Leads]"],
  ])("finds the Data Extension meant in %j", (sql, finding) => expect(found(sql)).toEqual([finding]));

  it.each([
    ["SELECT Id FROM 2025 Stuff", "16-26", "[2025 Stuff]"],
    ["SELECT Id FROM 2025Stuff", "16-25", "[2025Stuff]"],
    ["SELECT s.Id FROM 2025 Stuff s WHERE s.Id = 1", "18-28", "[2025 Stuff]"],
    ["SELECT Id FROM Other-2024 WHERE 1 = 1", "16-26", "[Other-2024]"],
    ["SELECT Id FROM My Other DE", "16-27", "[My Other DE]"],
    ["SELECT Id FROM Ent.Other-2024", "20-30", "[Other-2024]"],
    ["SELECT Id FROM A/B Test", "16-24", "[A/B Test]"],
  ])("asks for brackets in %j, though nobody knows the name", (sql, place, name) => {
    expect(found(sql)).toEqual([`error UNBRACKETED_NAME ${place} If it is one Data Extension's name, write ${name}`]);
  });

  it.each([
    ["SELECT First Name FROM Q", "error UNBRACKETED_NAME 8-18 Write [First Name]"],
    ["SELECT q.first name FROM Q q", "error UNBRACKETED_NAME 10-20 Write [First Name]"],
    ["SELECT Id FROM Q WHERE e-mail = 'x'", "error UNBRACKETED_NAME 24-30 Write [e-mail]"],
    ["SELECT MAX(First Name) AS m FROM Q", "error UNBRACKETED_NAME 12-22 Write [First Name]"],
    ["SELECT Balance (EUR) AS b FROM Q", "error UNBRACKETED_NAME 8-21 Write [Balance (EUR)]"],
    // A number with an alias is T-SQL.
    ["SELECT 2024 Total FROM Q", "warning UNBRACKETED_NAME 8-18 Write [2024 Total]"],
  ])("finds the column meant in %j", (sql, finding) => expect(found(sql)).toEqual([finding]));

  it.each([
    ["SELECT Id AS Whole Name, Opt FROM Q", "14-24", "[Whole Name]"],
    ["SELECT Id AS e-mail FROM Q", "14-20", "[e-mail]"],
    ["SELECT Id AS 2026_Total FROM Q", "14-24", "[2026_Total]"],
    ["SELECT Id AS Share % FROM Q", "14-21", "[Share %]"],
    ["SELECT x.Id FROM (SELECT Id FROM Q) AS my part", "40-47", "[my part]"],
  ])("asks for brackets around an alias in %j", (sql, place, name) => {
    expect(found(sql)).toEqual([`error UNBRACKETED_NAME ${place} Write ${name}`]);
  });

  it.each([
    "SELECT CAST(Id AS DOUBLE PRECISION) AS a, CAST(Id AS CHAR VARYING(5)) AS b, , FROM Q AS q",
    "SELECT Id AS a, Opt AS b, , FROM Q AS q CROSS APPLY (SELECT 1 AS a) AS x",
    "SELECT Id FROM News Subscribers",
    "SELECT s.Id FROM Q s, News AS n LEFT JOIN Q x ON 1 = 1",
    "SELECT [First Name], [e-mail] FROM Q WHERE [2024 Total] <> [Balance (EUR)]",
    "SELECT Opt, Id Name FROM Q",
    "SELECT 'First Name' AS a -- First Name, 2024 Leads\nFROM Q",
    "SELECT TRIM('x' FROM Id + Opt) AS t FROM Q WHERE Id IN (SELECT Id FROM News n)",
    "SELECT q.Id FROM Q q CROSS APPLY (SELECT TOP 1 Id FROM News) n",
  ])("leaves %j alone", (sql) => expect(found(sql)).toEqual([]));
});
