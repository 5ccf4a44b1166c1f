import { afterAll, describe, expect, it } from "vitest";
import { openFilled, rows } from "./support/engine.ts";
import { titled } from "../support/titles.ts";

const engine = openFilled();
afterAll(() => engine.close());

type Case = readonly [sql: string, answer: string[]];

describe("subqueries, derived tables, CTEs and APPLY", () => {
  const cases: Case[] = [
    [
      "SELECT Name FROM People p WHERE EXISTS (SELECT 1 FROM Orders o WHERE o.PersonId = p.Id AND o.Qty > 2) ORDER BY Id",
      ["Ann", "ÉMILE"],
    ],
    [
      "SELECT Name FROM People p WHERE NOT EXISTS (SELECT * FROM Orders o WHERE o.PersonId = p.Id) ORDER BY Id",
      ["Cid", "emile"],
    ],
    ["SELECT Name FROM People WHERE Id NOT IN (SELECT PersonId FROM Orders)", []],
    [
      "SELECT Id, (SELECT SUM(Qty) FROM Orders o WHERE o.PersonId = p.Id) AS q FROM People p ORDER BY Id",
      ["1|5", "2|1", "3|NULL", "4|7", "5|NULL"],
    ],
    [
      "SELECT (SELECT OrderId FROM Orders WHERE PersonId = 1) AS x",
      [
        "! Subquery returned more than 1 value. This is not permitted when the subquery follows =, !=, <, <= , >, >= or when the subquery is used as an expression.",
      ],
    ],
    ["SELECT (SELECT OrderId FROM Orders WHERE PersonId = 7) AS x", ["NULL"]],
    ["SELECT Id FROM People WHERE Id = (SELECT TOP 1 PersonId FROM Orders ORDER BY Qty DESC)", ["4"]],
    ["SELECT Id FROM People WHERE Pay = (SELECT MAX(Pay) FROM People) ORDER BY Id", ["1", "4"]],
    [
      "SELECT (SELECT 1, 2) AS x",
      ["! Only one expression can be specified in the select list when the subquery is not introduced with EXISTS."],
    ],
    [
      "SELECT Id FROM People WHERE Id IN (SELECT PersonId, Qty FROM Orders)",
      ["! Only one expression can be specified in the select list when the subquery is not introduced with EXISTS."],
    ],
    ["SELECT x.n FROM (SELECT COUNT(*) AS n FROM People) x", ["5"]],
    ["SELECT * FROM (SELECT COUNT(*) FROM People) x", ["! No column name was specified for column 1 of 'x'."]],
    ["SELECT * FROM (SELECT 1 AS a, 2 AS A) x", ["! The column 'A' was specified multiple times for 'x'."]],
    [
      "SELECT * FROM (SELECT Id FROM People ORDER BY Id) x",
      [
        "! The ORDER BY clause is invalid in views, inline functions, derived tables, subqueries, and common table expressions, unless TOP, OFFSET or FOR XML is also specified.",
      ],
    ],
    ["SELECT a, b FROM (VALUES (1, 'x'), (2, NULL)) v(a, b)", ["1|x", "2|NULL"]],
    [
      "WITH c AS (SELECT Id, Name FROM People WHERE Id < 3) SELECT a.Name, b.Id FROM c a JOIN c b ON a.Id = b.Id ORDER BY b.Id",
      ["Ann|1", "bob|2"],
    ],
    ["WITH c(n) AS (SELECT 1), d AS (SELECT n + 1 AS n FROM c) SELECT n FROM d", ["2"]],
    [
      "WITH c AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM c WHERE n < 3) SELECT n FROM c",
      ["? The sandbox does not run a recursive WITH."],
    ],
    [
      "SELECT p.Id, x.Item FROM People p CROSS APPLY (SELECT TOP 1 o.Item FROM Orders o WHERE o.PersonId = p.Id ORDER BY o.Qty) x ORDER BY p.Id",
      ["1|pen", "2|Ink", "4|Pad"],
    ],
    [
      "SELECT p.Id, x.Item FROM People p OUTER APPLY (SELECT TOP 1 o.Item FROM Orders o WHERE o.PersonId = p.Id ORDER BY o.Qty) x WHERE p.Id < 4 ORDER BY p.Id",
      ["1|pen", "2|Ink", "3|NULL"],
    ],
    [
      "SELECT p.Id, x.k, x.v FROM People p CROSS APPLY (VALUES ('age', p.Age), ('id', p.Id)) x(k, v) WHERE p.Id = 1",
      ["1|age|30", "1|id|1"],
    ],
    [
      "SELECT p.Id FROM People p JOIN (SELECT o.PersonId FROM Orders o WHERE o.PersonId = p.Id) x ON 1 = 1",
      ['! The multi-part identifier "p.Id" could not be bound.'],
    ],
  ];
  it.each(titled(cases, "gives"))("%s", (_, sql, answer) => {
    expect(rows(engine, sql)).toEqual(answer);
  });
});

describe("values compared over derived tables are computed for the rows the query looks at", () => {
  const cases: Case[] = [
    [
      "SELECT p.Id, x.n FROM People p LEFT JOIN (SELECT UPPER(Item) AS Item, COUNT(*) AS n FROM Orders GROUP BY UPPER(Item)) x ON LOWER(x.Item) = LOWER(CASE p.Id WHEN 1 THEN 'PEN' ELSE p.Name END) WHERE p.Id < 3 ORDER BY p.Id",
      ["1|2", "2|NULL"],
    ],
    [
      "SELECT p.Id FROM People p JOIN (SELECT '1' AS v UNION ALL SELECT 'x') t ON p.Id = CASE WHEN ISNUMERIC(t.v) = 1 THEN CAST(t.v AS int) END",
      ["1"],
    ],
    [
      "SELECT CASE WHEN ISNUMERIC(t.v) = 1 THEN CASE WHEN CAST(t.v AS int) = p.Id THEN 'same' ELSE 'other' END ELSE 'none' END AS x FROM People p CROSS JOIN (SELECT '1' AS v UNION ALL SELECT 'x') t WHERE p.Id = 1",
      ["same", "none"],
    ],
    [
      "SELECT COUNT(*) AS n FROM (SELECT DISTINCT City FROM People) a JOIN (SELECT DISTINCT City FROM People) b ON RTRIM(a.City) + '' = UPPER(b.City) + ''",
      ["2"],
    ],
  ];
  it.each(titled(cases, "gives"))("%s", (_, sql, answer) => {
    expect(rows(engine, sql)).toEqual(answer);
  });
});

describe("window functions", () => {
  const cases: Case[] = [
    [
      "SELECT Id, ROW_NUMBER() OVER (ORDER BY Pay DESC, Id) AS n FROM People ORDER BY Id",
      ["1|1", "2|3", "3|5", "4|2", "5|4"],
    ],
    [
      "SELECT Id, RANK() OVER (ORDER BY Pay DESC) AS r, DENSE_RANK() OVER (ORDER BY Pay DESC) AS d FROM People ORDER BY Id",
      ["1|1|1", "2|3|2", "3|5|4", "4|1|1", "5|4|3"],
    ],
    ["SELECT Id, NTILE(2) OVER (ORDER BY Id) AS t FROM People", ["1|1", "2|1", "3|1", "4|2", "5|2"]],
    [
      "SELECT OrderId, LAG(Qty) OVER (ORDER BY OrderId) AS a, LEAD(Qty, 2, 0) OVER (ORDER BY OrderId) AS b FROM Orders WHERE OrderId < 14 ORDER BY OrderId",
      ["10|NULL|1", "11|3|7", "12|2|0", "13|1|0"],
    ],
    [
      "SELECT OrderId, SUM(Qty) OVER (ORDER BY OrderId) AS s FROM Orders WHERE OrderId < 14 ORDER BY OrderId",
      ["10|3", "11|5", "12|6", "13|13"],
    ],
    ["SELECT v, SUM(v) OVER (ORDER BY v) AS s FROM (VALUES (1), (1), (2)) t(v)", ["1|2", "1|2", "2|4"]],
    [
      "SELECT v, SUM(v) OVER (ORDER BY v ROWS UNBOUNDED PRECEDING) AS s FROM (VALUES (1), (1), (2)) t(v)",
      ["1|1", "1|2", "2|4"],
    ],
    ["SELECT Id, COUNT(*) OVER (PARTITION BY City) AS n FROM People ORDER BY Id", ["1|2", "2|2", "3|2", "4|2", "5|1"]],
    ["SELECT Id, AVG(Age) OVER () AS a FROM People WHERE Id < 3", ["1|27", "2|27"]],
    [
      "SELECT Id, SUM(Pay) OVER (ORDER BY Id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS s FROM People ORDER BY Id",
      ["1|100.50", "2|180.75", "3|80.25", "4|100.50", "5|100.51"],
    ],
    [
      "SELECT Id, FIRST_VALUE(Name) OVER (ORDER BY Id) AS f, LAST_VALUE(Name) OVER (ORDER BY Id) AS l FROM People WHERE Id < 3",
      ["1|Ann|Ann", "2|Ann|bob"],
    ],
    [
      "SELECT PersonId, SUM(SUM(Qty)) OVER (ORDER BY PersonId) AS s FROM Orders GROUP BY PersonId ORDER BY PersonId",
      ["NULL|NULL", "1|5", "2|6", "4|13", "9|14"],
    ],
    [
      "SELECT x.Id FROM (SELECT Id, ROW_NUMBER() OVER (PARTITION BY City ORDER BY Id DESC) AS rn FROM People) x WHERE x.rn = 1 ORDER BY x.Id",
      ["3", "4", "5"],
    ],
    [
      "SELECT Id FROM People WHERE ROW_NUMBER() OVER (ORDER BY Id) = 1",
      ["! Windowed functions can only appear in the SELECT or ORDER BY clauses."],
    ],
    ["SELECT ROW_NUMBER() AS n FROM People", ["! The function 'ROW_NUMBER' must have an OVER clause."]],
    [
      "SELECT ROW_NUMBER() OVER () AS n FROM People",
      ["! The function 'ROW_NUMBER' must have an OVER clause with ORDER BY."],
    ],
    [
      "SELECT COUNT(DISTINCT City) OVER () AS n FROM People",
      ["! Use of DISTINCT is not allowed with the OVER clause."],
    ],
    [
      "SELECT ROW_NUMBER() OVER (ORDER BY 1) AS n FROM People",
      [
        "! Windowed functions, aggregates and NEXT VALUE FOR functions do not support integer indices or constants as ORDER BY clause expressions.",
      ],
    ],
    [
      "SELECT COUNT(*) AS c FROM (SELECT ROW_NUMBER() OVER (ORDER BY (SELECT NULL)) AS n FROM People) x WHERE n <= 3",
      ["3"],
    ],
    [
      "SELECT v, MAX(v) OVER (ORDER BY v ROWS BETWEEN 1 FOLLOWING AND 1 FOLLOWING) AS m FROM (VALUES (1), (2), (3)) t(v)",
      ["1|2", "2|3", "3|NULL"],
    ],
    [
      "SELECT v, PERCENT_RANK() OVER (ORDER BY v) AS p, CUME_DIST() OVER (ORDER BY v) AS c FROM (VALUES (1), (2), (2), (3)) t(v)",
      ["1|0|0.25", "2|0.3333333333333333|0.75", "2|0.3333333333333333|0.75", "3|1|1"],
    ],
  ];
  it.each(titled(cases, "gives"))("%s", (_, sql, answer) => {
    expect(rows(engine, sql)).toEqual(answer);
  });
});
