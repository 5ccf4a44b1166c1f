import { describe, expect, it } from "vitest";
import { check } from "#sql/check.ts";
import { fieldsOf } from "./support/tables.ts";

const cases: [sql: string, found: string[]][] = [
  ["SELECT Name FROM People HAVING 1 = 1", ["error NOT_GROUPED 1:8"]],
  ["SELECT Name FROM People GROUP BY Name HAVING Email <> ''", ["error NOT_GROUPED 1:46"]],
  ["SELECT COUNT(*) AS n FROM People HAVING Email <> '' OR COUNT(*) > 1", ["error NOT_GROUPED 1:41"]],
  ["SELECT Name FROM People GROUP BY Name HAVING UPPER(Name) <> '' AND MAX(Email) <> ''", []],
  ["SELECT TOP 9 Name FROM People GROUP BY Name ORDER BY Email", ["error NOT_GROUPED 1:54"]],
  ["SELECT TOP 9 Name FROM People p GROUP BY Name ORDER BY LEN(p.Email), Name", ["error NOT_GROUPED 1:60"]],
  ["SELECT TOP 9 COUNT(*) AS n FROM People ORDER BY Email", ["error NOT_GROUPED 1:49"]],
  ["SELECT TOP 9 Name FROM People ORDER BY COUNT(*)", ["error NOT_GROUPED 1:14"]],
  ["SELECT TOP 9 MAX(Email) AS Email FROM People p GROUP BY Name ORDER BY p.Email", ["error NOT_GROUPED 1:71"]],
  ["SELECT TOP 9 MAX(Email) AS Email FROM People GROUP BY Name ORDER BY Email, (EMAIL), UPPER(Name), 1", []],
  ["SELECT TOP 9 Name FROM People GROUP BY Name ORDER BY COUNT(*) DESC, (SELECT MAX(Id) FROM Orders)", []],
  ["SELECT Id FROM (SELECT TOP 9 Id FROM People GROUP BY Id ORDER BY Name) x", ["error NOT_GROUPED 1:66"]],
  ["SELECT *, COUNT(*) AS n FROM Orders", ["error NOT_GROUPED 1:8"]],
  ["SELECT o.*, MAX(p.Id) AS n FROM People p JOIN Orders o ON 1 = 1 GROUP BY o.Id", ["error NOT_GROUPED 1:8"]],
  ["SELECT * FROM [My DE] GROUP BY [Order]", ["error NOT_GROUPED 1:8"]],
  ["SELECT * FROM [My DE] GROUP BY [First Name], [order]", []],
  ["SELECT d.*, COUNT(*) AS n FROM [My DE] d GROUP BY d.[First Name], [order]", []],
  ["SELECT *, COUNT(*) OVER () AS n FROM Orders", []],
  ["SELECT Id FROM People WHERE EXISTS (SELECT * FROM Orders GROUP BY Code HAVING COUNT(*) > 1)", []],
  // A name of the result cannot stand inside of an expression in ORDER BY.
  ["SELECT TOP 9 Id AS k FROM People ORDER BY k DESC", []],
  ["SELECT TOP 9 Id AS k FROM People ORDER BY k + 1", ["error UNKNOWN_COLUMN 1:43"]],
  ["SELECT TOP 9 Id * 2 AS Amount FROM People ORDER BY ABS(Amount)", []],
];

describe("check() knows what can stand beside a group", () => {
  it.each(cases)("%s", (sql, found) => {
    const { diagnostics } = check(sql, fieldsOf);
    expect(diagnostics.map(({ severity, code, line, column }) => `${severity} ${code} ${line}:${column}`)).toEqual(
      found,
    );
  });
});
