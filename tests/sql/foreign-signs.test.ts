import { describe, expect, it } from "vitest";
import { check } from "#sql/check.ts";
import { fieldsOf } from "./support/tables.ts";

const errorsOf = (sql: string) =>
  check(sql, fieldsOf).diagnostics.flatMap(({ severity, code, column, fix }) =>
    severity === "error" ? [`${code} ${column} ${fix ?? ""}`] : [],
  );

describe("check(), signs and words of other databases", () => {
  it.each([
    ["SELECT Id FROM People WHERE Name == 'x'", "FOREIGN_OPERATOR 34 Write ="],
    ["SELECT Name || Email AS n FROM People", "FOREIGN_OPERATOR 13 Write +, or CONCAT(…), which takes NULL for empty"],
    ["SELECT Id FROM People WHERE Id = 1 && Id = 2", "FOREIGN_OPERATOR 36 Write AND"],
    ["SELECT Id FROM People WHERE !(Id = 1)", "FOREIGN_OPERATOR 29 Write NOT, or <> before ="],
    ["SELECT Id FROM People WHERE Id =< 1", "FOREIGN_OPERATOR 32 Write <="],
    ["SELECT Id FROM People WHERE Id => 1", "FOREIGN_OPERATOR 32 Write >="],
    ["SELECT Id::varchar AS i FROM People", "FOREIGN_OPERATOR 10 Write CAST(… AS VARCHAR)"],
    ["SELECT `My Name` FROM People", "FOREIGN_OPERATOR 8 Write [My Name]"],
    ["SELECT Id FROM `Order`", "FOREIGN_OPERATOR 16 Write [Order]"],
    ["SELECT Id FROM People // all", "FOREIGN_OPERATOR 23 Write -- before a comment"],
    ["SELECT Notes->'a' AS a FROM People", "FOREIGN_OPERATOR 13 Write JSON_VALUE(text, '$.name')"],
    [
      "SELECT Id FROM People WHERE Name ILIKE 'x%'",
      "FOREIGN_OPERATOR 34 Write LIKE: MCE compares without regard to case",
    ],
    ["SELECT Id FROM People WHERE Name NOT REGEXP 'x'", "FOREIGN_OPERATOR 38 Write LIKE, or PATINDEX('%…%', text) > 0"],
    [
      "SELECT Id FROM People WHERE Born > DATE '2026-01-31'",
      "FOREIGN_OPERATOR 36 Write the date as text: '2026-01-31'",
    ],
    [
      "SELECT Id FROM People WHERE Born > GETDATE() - INTERVAL 1 DAY",
      "FOREIGN_OPERATOR 48 Write DATEADD(day, n, date)",
    ],
    ["SELECT CURRENT_DATE AS d FROM People", "FOREIGN_OPERATOR 8 Write CAST(GETDATE() AS DATE)"],
    [
      "SELECT TOP 5 Id FROM People ORDER BY Name NULLS LAST",
      "FOREIGN_OPERATOR 43 Write ORDER BY CASE WHEN … IS NULL THEN 1 ELSE 0 END, …",
    ],
    ["SELECT p.Id FROM People p JOIN Orders o USING (Id)", "FOREIGN_OPERATOR 41 Write ON a.Key = b.Key"],
    ["SELECT Id FROM People WHERE Active IS NOT TRUE", "FOREIGN_OPERATOR 43 Write (… = 0 OR … IS NULL)"],
    ["SELECT Id FROM People WHERE Active = True", "UNKNOWN_COLUMN 38 Write 1: a Boolean is 1 or 0 in T-SQL"],
    ["SELECT Id FROM People WHERE Active <> false", "UNKNOWN_COLUMN 39 Write 0: a Boolean is 1 or 0 in T-SQL"],
    ["SELECT Id FROM People LIMIT 5", "LIMIT 23 Write SELECT TOP n"],
    ['SELECT Id FROM People WHERE Name = "Ann"', "UNKNOWN_COLUMN 36 Text stands in single quotes: '…'"],
    ["SELECT IFNULL(Name, '') AS n FROM People", "FOREIGN_FUNCTION 8 Use COALESCE(value, other)"],
    ["SELECT NVL(Name, '') AS n FROM People", "FOREIGN_FUNCTION 8 Use COALESCE(value, other)"],
  ])("names %j", (sql, error) => expect(errorsOf(sql)).toContain(error));

  it("warns of True where a table nobody knows may have such a column", () => {
    expect(check("SELECT Id FROM Nowhere WHERE Active = TRUE", fieldsOf).diagnostics).toContainEqual(
      expect.objectContaining({ code: "UNKNOWN_COLUMN", severity: "warning", column: 39 }),
    );
  });

  it.each([
    "SELECT Id FROM People WHERE Id ! = 1 AND Id > = 1 AND Id < > 2 AND Id !< 3",
    "SELECT Id - -1 AS a, Id*-1 AS b, Id & 1 AS c, ~Id AS d, Id ^ 2 AS e, Id | 1 AS f FROM People",
    "SELECT Id interval, Name date, Email 'regexp' FROM People",
    "SELECT 'a || b == c && `d`' AS [a == `b`] -- || ==\nFROM People",
    "SELECT Name AS ilike, Email AS limit, Id AS [true] FROM People",
    "SELECT Id FROM People WHERE Active = 'True'",
    "SELECT LIMIT.Id FROM People LIMIT WHERE LIMIT.Id = 5 AND LIMIT.Id < 9",
    "SELECT x.LIMIT FROM (SELECT Id AS LIMIT FROM People) x WHERE LIMIT > 5 ORDER BY LIMIT",
    "SELECT Id FROM People ORDER BY Id OFFSET (5) ROW FETCH NEXT (10) ROW ONLY",
    "SELECT '{fn NOW()}' AS a, '{' AS b, [==] FROM (SELECT 1 AS [==]) x -- {d 'x'} ||",
    "SELECT True FROM (SELECT Active AS True FROM People) x WHERE True = 1",
    "SELECT Id AS a, Id+Id AS b FROM People WHERE Id<-1 AND Id>-1 AND Id=-1",
  ])("leaves %j alone", (sql) => expect(errorsOf(sql)).toEqual([]));
});
