import { expect, it } from "vitest";
import { callsOf, inspectSql, useInspecting } from "./support/inspecting.ts";

useInspecting();

/** Orders that are wrong, by what Marketing Cloud says of each. */
const wrong: [sql: string, said: string, code: string, column: number][] = [
  [
    "SELECT FirstName, COUNT(*) AS n FROM Customers GROUP BY FirstName\nORDER BY Balance",
    "Column 'Balance' is invalid in the ORDER BY clause",
    "NOT_GROUPED",
    10,
  ],
  ["SELECT Balance AS p FROM Customers ORDER BY p + 1", "Invalid column name 'p'", "UNKNOWN_COLUMN", 45],
  ["SELECT FirstName FROM Customers ORDER BY COUNT(*)", "Column 'FirstName' is invalid", "NOT_GROUPED", 8],
  ["SELECT FirstName FROM Customers ORDER BY LEN()", "The len function requires", "ARGUMENTS", 42],
  ["SELECT FirstName FROM Customers ORDER BY DATEADD(xyz, 1, CreatedDate)", "'xyz'", "UNKNOWN_DATE_PART", 50],
  ["SELECT FirstName FROM Customers ORDER BY FirstName COLLATE Nowhere", "'Nowhere'", "UNKNOWN_COLLATION", 60],
  ["SELECT DISTINCT Country FROM Customers ORDER BY Country COLLATE Nowhere", "'Nowhere'", "UNKNOWN_COLLATION", 65],
];

it.each(wrong)("inspect() asks about the order, too: %s", async (sql, said, code, column) => {
  await inspectSql("SELECT CustomerKey FROM Customers");
  let found: Awaited<ReturnType<typeof inspectSql>> | undefined;
  const calls = await callsOf(async () => {
    found = await inspectSql(sql);
  });
  const errors = found?.checked.diagnostics.filter(({ severity }) => severity === "error") ?? [];
  expect(found?.checked.ok).toBe(false);
  expect(errors).toMatchObject([{ code, column, mce: expect.stringContaining(said) }]);
  expect(calls.filter((call) => call.startsWith("REST"))).toEqual(["REST validate"]);
});
