import { describe, expect, it } from "vitest";
import { whereIn } from "#console/editor/add-where.ts";
import { failedPlace } from "#console/reader/failed-place.ts";
import { readQuery } from "#sql/syntax/read-query.ts";

/** Writes what `whereIn()` says, with a mark where the cursor is. */
function withWhere(sql: string): string | undefined {
  const place = whereIn(readQuery(sql));
  if (place === undefined) return undefined;
  const written = place
    .toReversed()
    .reduce((text, { from, insert }) => text.slice(0, from) + insert + text.slice(from), sql);
  const added = place.reduce((sum, { insert }) => sum + insert.length, 0);
  const cursor = (place.at(-1)?.from ?? 0) + added;
  return `${written.slice(0, cursor)}¦${written.slice(cursor)}`;
}

describe("whereIn()", () => {
  it.each([
    ["SELECT a FROM t", "SELECT a FROM t\nWHERE ¦"],
    ["SELECT a FROM t x ORDER BY a", "SELECT a FROM t x\nWHERE ¦ ORDER BY a"],
    ["SELECT a FROM t JOIN u ON u.a = t.a\nGROUP BY a", "SELECT a FROM t JOIN u ON u.a = t.a\nWHERE ¦\nGROUP BY a"],
    ["SELECT a FROM t WHERE a = 1", "SELECT a FROM t WHERE a = 1\n  AND ¦"],
    ["SELECT a FROM t WHERE a = 1 OR b = 2;", "SELECT a FROM t WHERE (a = 1 OR b = 2)\n  AND ¦;"],
    ["WITH c AS (SELECT 1 AS a) SELECT a FROM c", "WITH c AS (SELECT 1 AS a) SELECT a FROM c\nWHERE ¦"],
    ["SELECT a FROM t UNION ALL SELECT a FROM u", "SELECT a FROM t UNION ALL SELECT a FROM u\nWHERE ¦"],
    ["(SELECT a FROM t)", "(SELECT a FROM t\nWHERE ¦)"],
    ["SELECT 1", undefined],
    ["SELECT a FROM", undefined],
    ["", undefined],
  ])("of %j", (sql, expected) => {
    expect(withWhere(sql)).toBe(expected);
  });
});

/** The text at the place of a failure. */
function failedAt(sql: string, mce: string): string | undefined {
  const found = failedPlace(sql, { code: "QUERY_FAILED", title: "x", detail: "y", mce });
  if (found === undefined) return undefined;
  expect(found.endLine).toBe(found.line);
  return sql.split("\n")[found.line - 1]?.slice(found.column - 1, found.endColumn - 1);
}

const toInt = "Conversion failed when converting the nvarchar value '…' to data type int.";

describe("failedPlace()", () => {
  it.each([
    ["SELECT a,\n  FirstNme\nFROM t", "Invalid column name 'FirstNme'.", "FirstNme"],
    ["SELECT a FROM Custs", "Invalid object name 'C12345.Custs'.", "Custs"],
    ["SELECT a FROM t", "Invalid column name 'gone'.", undefined],
    ["SELECT a,\n CAST(b AS int) AS n FROM t", toInt, "CAST(b AS int)"],
    ["SELECT CAST(a AS int), TRY_CAST(b AS int) FROM t", toInt, "CAST(a AS int)"],
    ["SELECT CAST(a AS int), CAST(b AS int) FROM t", toInt, undefined],
    ["SELECT a FROM t WHERE Name = 5", toInt, undefined],
    [
      "SELECT CONVERT(decimal(9,2), a) FROM t",
      "Error converting data type nvarchar to numeric.",
      "CONVERT(decimal(9,2), a)",
    ],
    [
      "SELECT CAST(a AS datetime) FROM t",
      "Conversion failed when converting date and/or time from character string.",
      "CAST(a AS datetime)",
    ],
    ["SELECT a * 2, b / c AS r FROM t", "Divide by zero error encountered.", "b / c"],
    [
      "SELECT (SELECT a FROM u) AS x FROM t",
      "Subquery returned more than 1 value. This is not permitted",
      "(SELECT a FROM u)",
    ],
    ["SELECT a FROM t", "A transport-level error has occurred", undefined],
  ])("finds the place, case %#", (sql, mce, place) => {
    expect(failedAt(sql, mce)).toBe(place);
  });

  it("needs Marketing Cloud's words", () => {
    expect(failedPlace("SELECT a", { code: "TIMEOUT", title: "x", detail: "y" })).toBeUndefined();
  });
});
