import { afterAll, describe, expect, it } from "vitest";
import { openFilled, rows } from "./support/engine.ts";
import { titled } from "../support/titles.ts";

const engine = openFilled();
afterAll(() => engine.close());

type Case = readonly [sql: string, answer: string[]];

describe("joins", () => {
  const cases: Case[] = [
    [
      "SELECT p.Name, o.Item FROM People p JOIN Orders o ON o.PersonId = p.Id ORDER BY o.OrderId",
      ["Ann|Pen", "Ann|pen", "bob|Ink", "ÉMILE|Pad"],
    ],
    [
      "SELECT p.Id, o.OrderId FROM People p LEFT JOIN Orders o ON o.PersonId = p.Id WHERE p.Id > 2 ORDER BY p.Id",
      ["3|NULL", "4|13", "5|NULL"],
    ],
    [
      "SELECT p.Id, o.OrderId FROM People p RIGHT JOIN Orders o ON o.PersonId = p.Id WHERE o.OrderId > 12 ORDER BY o.OrderId",
      ["4|13", "NULL|14", "NULL|15"],
    ],
    [
      "SELECT p.Id, o.OrderId FROM People p FULL OUTER JOIN Orders o ON o.PersonId = p.Id ORDER BY p.Id, o.OrderId",
      ["NULL|14", "NULL|15", "1|10", "1|11", "2|12", "3|NULL", "4|13", "5|NULL"],
    ],
    ["SELECT COUNT(*) AS n FROM People CROSS JOIN Orders", ["30"]],
    ["SELECT COUNT(*) AS n FROM People, Orders WHERE Id = PersonId", ["4"]],
    ["SELECT COUNT(*) AS n FROM Orders a JOIN Orders b ON a.PersonId = b.PersonId", ["7"]],
    [
      "SELECT p.Id FROM People p LEFT JOIN Orders o ON o.PersonId = p.Id AND o.Qty > 2 WHERE o.OrderId IS NULL ORDER BY p.Id",
      ["2", "3", "5"],
    ],
    [
      "SELECT p.Id, q.c FROM People p LEFT JOIN (SELECT PersonId, COUNT(*) AS c FROM Orders GROUP BY PersonId) q ON q.PersonId = p.Id WHERE p.Id < 4 ORDER BY p.Id",
      ["1|2", "2|1", "3|NULL"],
    ],
    [
      "SELECT p.Id, q.one FROM People p LEFT JOIN (SELECT PersonId, 1 AS one FROM Orders) q ON q.PersonId = p.Id WHERE p.Id = 3",
      ["3|NULL"],
    ],
    [
      "SELECT COUNT(*) AS n FROM People p LEFT JOIN (Orders o JOIN People q ON q.Id = o.PersonId) ON o.PersonId = p.Id",
      ["6"],
    ],
    ["SELECT Id FROM People JOIN Orders ON PersonId = Id AND Nothing = 1", ["! Invalid column name 'Nothing'."]],
    ["SELECT Id FROM People a JOIN People b ON a.Id = b.Id", ["! Ambiguous column name 'Id'."]],
    ["SELECT x.Id FROM People a", ['! The multi-part identifier "x.Id" could not be bound.']],
    [
      "SELECT a.Id FROM People a, People a",
      ["! The correlation name 'a' is specified multiple times in a FROM clause."],
    ],
    ["SELECT a.* FROM (SELECT Id, Name FROM People WHERE Id = 1) a", ["1|Ann"]],
    ["SELECT * FROM (SELECT 1 AS a) x CROSS JOIN (SELECT 2 AS b) y", ["1|2"]],
  ];
  it.each(titled(cases, "gives"))("%s", (_, sql, answer) => {
    expect(rows(engine, sql)).toEqual(answer);
  });
});

describe("GROUP BY and HAVING", () => {
  const cases: Case[] = [
    ["SELECT City, COUNT(*) AS n FROM People GROUP BY City ORDER BY n, City", ["NULL|1", "Berlin|2", "Paris|2"]],
    [
      "SELECT Age, COUNT(*) AS n, SUM(Pay) AS s FROM People GROUP BY Age ORDER BY Age",
      ["NULL|1|NULL", "25|1|80.25", "30|2|100.51", "41|1|100.50"],
    ],
    [
      "SELECT YEAR(Born) AS y, COUNT(*) AS n FROM People GROUP BY YEAR(Born) ORDER BY y",
      ["NULL|1", "1983|1", "1994|2", "1999|1"],
    ],
    ["SELECT PersonId FROM Orders GROUP BY PersonId HAVING COUNT(*) > 1", ["1"]],
    ["SELECT COUNT(*) AS n FROM Orders HAVING COUNT(*) > 100", []],
    ["SELECT COUNT(*) AS n FROM Orders WHERE 1 = 0 HAVING COUNT(*) = 0", ["0"]],
    ["SELECT COUNT(*) AS n FROM Orders WHERE 1 = 0", ["0"]],
    ["SELECT COUNT(*) AS n FROM Orders WHERE 1 = 0 GROUP BY PersonId", []],
    ["SELECT MAX(Qty) + 1 AS m FROM Orders", ["8"]],
    ["SELECT COUNT(CASE WHEN Qty > 1 THEN 1 END) AS n FROM Orders", ["3"]],
    ["SELECT SUM(CASE WHEN Active = 1 THEN 1 ELSE 0 END) AS n FROM People", ["2"]],
    [
      "SELECT City, Name FROM People GROUP BY City",
      [
        "! Column 'Name' is invalid in the select list because it is not contained in either an aggregate function or the GROUP BY clause.",
      ],
    ],
    ["SELECT City AS c FROM People GROUP BY c", ["! Invalid column name 'c'."]],
    ["SELECT City AS c FROM People WHERE c = 'Paris'", ["! Invalid column name 'c'."]],
    ["SELECT COUNT(*) AS n FROM People HAVING n > 1", ["! Invalid column name 'n'."]],
    [
      "SELECT City FROM People WHERE COUNT(*) > 1 GROUP BY City",
      [
        "! An aggregate may not appear in the WHERE clause unless it is in a subquery contained in a HAVING clause or a select list, and the column being aggregated is an outer reference.",
      ],
    ],
    [
      "SELECT SUM(COUNT(*)) AS n FROM People GROUP BY City",
      ["! Cannot perform an aggregate function on an expression containing an aggregate or a subquery."],
    ],
    [
      "SELECT City, (SELECT MAX(o.Qty) FROM Orders o WHERE o.PersonId = p.Id) AS q FROM People p GROUP BY City",
      [
        "! Column 'p.Id' is invalid in the select list because it is not contained in either an aggregate function or the GROUP BY clause.",
      ],
    ],
    [
      "SELECT YEAR(Born) AS y, (SELECT COUNT(*) FROM People q WHERE YEAR(q.Born) < YEAR(p.Born)) AS n FROM People p WHERE Born IS NOT NULL GROUP BY YEAR(Born) ORDER BY y",
      ["1983|0", "1994|1", "1999|3"],
    ],
    [
      "SELECT Id, (SELECT MAX(o.Qty) FROM Orders o WHERE o.PersonId = p.Id) AS q FROM People p GROUP BY Id HAVING Id < 3",
      ["1|3", "2|1"],
    ],
    [
      "SELECT City FROM People p GROUP BY City HAVING EXISTS (SELECT 1 FROM Orders o WHERE o.PersonId = MAX(p.Id))",
      ["? The sandbox does not run an aggregate in the WHERE or ON of a subquery."],
    ],
    [
      "SELECT Age % 2 AS odd, COUNT(*) AS n FROM People WHERE Age IS NOT NULL GROUP BY Age % 2 ORDER BY Age % 2",
      ["0|2", "1|2"],
    ],
    ["SELECT LEFT(Name, 1) + '!' AS i FROM People WHERE Id = 1 GROUP BY LEFT(Name, 1)", ["A!"]],
    ["SELECT 'x' AS k FROM People HAVING COUNT(*) > 1", ["x"]],
  ];
  it.each(titled(cases, "gives"))("%s", (_, sql, answer) => {
    expect(rows(engine, sql)).toEqual(answer);
  });
});

describe("UNION, EXCEPT and INTERSECT", () => {
  const cases: Case[] = [
    ["SELECT 1 AS x UNION SELECT 1 UNION SELECT 2", ["1", "2"]],
    ["SELECT 1 AS x UNION ALL SELECT 1", ["1", "1"]],
    ["SELECT NULL AS x UNION SELECT NULL", ["NULL"]],
    ["SELECT 'a' AS x UNION SELECT 'A '", ["a"]],
    ["SELECT 1 AS x UNION SELECT 2.5", ["1.0", "2.5"]],
    [
      "SELECT 'a' AS x UNION ALL SELECT 1",
      ["! Conversion failed when converting the varchar value 'a' to data type int."],
    ],
    ["SELECT Qty FROM Orders EXCEPT SELECT 1", ["NULL", "2", "3", "7"]],
    ["SELECT Qty FROM Orders INTERSECT SELECT Qty FROM Orders WHERE Qty < 3", ["1", "2"]],
    ["SELECT NULL AS x INTERSECT SELECT NULL", ["NULL"]],
    ["SELECT 1 AS x UNION SELECT 2 INTERSECT SELECT 3", ["1"]],
    ["SELECT 1 AS x EXCEPT SELECT 1 UNION SELECT 2", ["2"]],
    ["SELECT 1 AS x UNION ALL (SELECT 2 EXCEPT SELECT 2)", ["1"]],
    ["SELECT 2 AS x UNION ALL SELECT 1 ORDER BY x", ["1", "2"]],
    [
      "SELECT 1 AS x, 2 AS y UNION SELECT 1",
      [
        "! All queries combined using a UNION, INTERSECT or EXCEPT operator must have an equal number of expressions in their target lists.",
      ],
    ],
    [
      "SELECT CAST('2024-01-01' AS datetime) AS x UNION ALL SELECT '2024-01-02'",
      ["2024-01-01 00:00:00.000", "2024-01-02 00:00:00.000"],
    ],
  ];
  it.each(titled(cases, "gives"))("%s", (_, sql, answer) => {
    expect(rows(engine, sql)).toEqual(answer);
  });
});

describe("TOP, OFFSET and ORDER BY", () => {
  const cases: Case[] = [
    ["SELECT TOP 2 Id FROM People ORDER BY Id DESC", ["5", "4"]],
    ["SELECT TOP (2) Id FROM People ORDER BY Id", ["1", "2"]],
    ["SELECT TOP 0 Id FROM People", []],
    ["SELECT TOP 40 PERCENT Id FROM People ORDER BY Id", ["1", "2"]],
    ["SELECT TOP 41 PERCENT Id FROM People ORDER BY Id", ["1", "2", "3"]],
    ["SELECT TOP 1 PERCENT Id FROM People ORDER BY Id", ["1"]],
    ["SELECT TOP (12.5) PERCENT Id FROM People ORDER BY Id", ["1"]],
    ["SELECT TOP 1 WITH TIES Id, Pay FROM People ORDER BY Pay DESC", ["1|100.50", "4|100.50"]],
    ["SELECT TOP 2 WITH TIES Age FROM People WHERE Age IS NOT NULL ORDER BY Age", ["25", "30", "30"]],
    ["SELECT TOP 1 WITH TIES Item FROM Orders WHERE OrderId < 13 ORDER BY Item DESC", ["Pen", "pen"]],
    [
      "SELECT TOP 2 WITH TIES Id FROM People",
      ["! The TOP N WITH TIES clause is not allowed without a corresponding ORDER BY clause."],
    ],
    ["SELECT DISTINCT TOP 2 City FROM People ORDER BY City DESC", ["Paris", "Berlin"]],
    [
      "SELECT TOP 1 WITH TIES Id FROM Orders o JOIN People p ON p.Id = o.PersonId ORDER BY ROW_NUMBER() OVER (PARTITION BY p.Id ORDER BY o.OrderId)",
      ["1", "2", "4"],
    ],
    ["SELECT Id FROM People ORDER BY Id OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY", ["2", "3"]],
    ["SELECT Id FROM People ORDER BY Id OFFSET 3 ROWS", ["4", "5"]],
    ["SELECT Age FROM People ORDER BY Age, Id", ["NULL", "25", "30", "30", "41"]],
    ["SELECT Age FROM People ORDER BY Age DESC", ["41", "30", "30", "25", "NULL"]],
    ["SELECT Id AS n FROM People ORDER BY n DESC", ["5", "4", "3", "2", "1"]],
    ["SELECT Id, Name FROM People ORDER BY 2", ["1|Ann", "2|bob", "3|Cid", "5|emile", "4|ÉMILE"]],
    [
      "SELECT Id FROM People ORDER BY 3",
      ["! The ORDER BY position number 3 is out of range of the number of items in the select list."],
    ],
    [
      "SELECT DISTINCT City FROM People ORDER BY Id",
      ["! ORDER BY items must appear in the select list if SELECT DISTINCT is specified."],
    ],
    ["SELECT -Id AS Id FROM People ORDER BY Id", ["-5", "-4", "-3", "-2", "-1"]],
    ["SELECT Pay FROM People ORDER BY Pay", ["NULL", "0.01", "80.25", "100.50", "100.50"]],
    ["SELECT v FROM (VALUES ('10'), ('9'), ('-1')) t(v) ORDER BY v", ["-1", "10", "9"]],
    ["SELECT v FROM (VALUES (-1.5), (-10.25), (3.0)) t(v) ORDER BY v", ["-10.25", "-1.50", "3.00"]],
  ];
  it.each(titled(cases, "gives"))("%s", (_, sql, answer) => {
    expect(rows(engine, sql)).toEqual(answer);
  });
});
