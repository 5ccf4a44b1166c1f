import { afterAll, describe, expect, it } from "vitest";
import { openFilled, rows } from "./support/engine.ts";
import { titled } from "../support/titles.ts";

const engine = openFilled();
afterAll(() => engine.close());

type Case = readonly [sql: string, answer: string[]];

const sales = "(VALUES ('A', 2024, 10), ('A', 2025, 20), ('B', 2024, 5), ('B', NULL, 7)) s(region, yr, amount)";

describe("ROLLUP, CUBE and GROUPING", () => {
  const cases: Case[] = [
    [
      `SELECT region, yr, SUM(amount) AS a FROM ${sales} GROUP BY ROLLUP(region, yr) ORDER BY region, yr, a`,
      ["NULL|NULL|42", "A|NULL|30", "A|2024|10", "A|2025|20", "B|NULL|7", "B|NULL|12", "B|2024|5"],
    ],
    [
      `SELECT region, GROUPING(region) AS g, SUM(amount) AS a FROM ${sales} GROUP BY ROLLUP(region) ORDER BY GROUPING(region), region`,
      ["A|0|30", "B|0|12", "NULL|1|42"],
    ],
    [
      `SELECT yr, GROUPING(yr) AS g, COUNT(*) AS n FROM ${sales} GROUP BY ROLLUP(yr) ORDER BY g, yr`,
      ["NULL|0|1", "2024|0|2", "2025|0|1", "NULL|1|4"],
    ],
    [
      `SELECT region, yr, COUNT(*) AS n, GROUPING_ID(region, yr) AS id FROM ${sales} WHERE yr = 2024 GROUP BY CUBE(region, yr) ORDER BY id, region`,
      ["A|2024|1|0", "B|2024|1|0", "A|NULL|1|1", "B|NULL|1|1", "NULL|2024|2|2", "NULL|NULL|2|3"],
    ],
    [
      `SELECT region, yr, COUNT(*) AS n FROM ${sales} WHERE region = 'B' GROUP BY region, ROLLUP(yr) ORDER BY n, yr`,
      ["B|NULL|1", "B|2024|1", "B|NULL|2"],
    ],
    [
      `SELECT COALESCE(region, 'all') + '!' AS r, SUM(amount) AS a FROM ${sales} GROUP BY ROLLUP(region) ORDER BY a`,
      ["B!|12", "A!|30", "all!|42"],
    ],
    [
      `SELECT region, SUM(amount) AS a FROM ${sales} GROUP BY ROLLUP(region) HAVING SUM(amount) > 20 ORDER BY a`,
      ["A|30", "NULL|42"],
    ],
    [
      `SELECT TOP 1 region, SUM(amount) AS a FROM ${sales} GROUP BY ROLLUP(region) ORDER BY SUM(amount) DESC`,
      ["NULL|42"],
    ],
    [
      `SELECT TOP 50 PERCENT region, SUM(amount) AS a FROM ${sales} GROUP BY ROLLUP(region) ORDER BY SUM(amount) DESC`,
      ["NULL|42", "A|30"],
    ],
    [`SELECT COUNT(*) AS n FROM (SELECT region, yr FROM ${sales} GROUP BY ROLLUP((region, yr))) x`, ["5"]],
    [`SELECT UPPER(region) AS r FROM ${sales} GROUP BY ROLLUP(UPPER(region)) ORDER BY r`, ["NULL", "A", "B"]],
    [
      `SELECT region FROM ${sales} WHERE 1 = 0 GROUP BY ROLLUP(region)`,
      ["? The sandbox does not run ROLLUP or CUBE over no rows."],
    ],
    [
      `SELECT amount FROM ${sales} GROUP BY ROLLUP(region)`,
      [
        "! Column 'amount' is invalid in the select list because it is not contained in either an aggregate function or the GROUP BY clause.",
      ],
    ],
    [
      `SELECT region, RANK() OVER (ORDER BY SUM(amount)) AS r FROM ${sales} GROUP BY ROLLUP(region)`,
      ["? The sandbox does not run window functions over ROLLUP or CUBE."],
    ],
    [
      `SELECT GROUPING(amount) AS g FROM ${sales} GROUP BY region`,
      ["! Argument 1 of the GROUPING function does not match any of the expressions in the GROUP BY clause."],
    ],
    [
      `SELECT region FROM ${sales} GROUP BY GROUPING SETS ((region), ())`,
      ["? The sandbox does not run GROUPING SETS."],
    ],
    [`SELECT region FROM ${sales} GROUP BY region WITH ROLLUP`, ["? The sandbox does not run GROUP BY … WITH ROLLUP."]],
  ];
  it.each(titled(cases, "gives"))("%s", (_, sql, answer) => {
    expect(rows(engine, sql)).toEqual(answer);
  });
});

describe("PIVOT and UNPIVOT", () => {
  const cases: Case[] = [
    [
      `SELECT region, [2024], [2025] FROM ${sales} PIVOT (SUM(amount) FOR yr IN ([2024], [2025])) AS p ORDER BY region`,
      ["A|10|20", "B|5|NULL"],
    ],
    [
      `SELECT region, [2024], [2025] FROM ${sales} PIVOT (COUNT(amount) FOR yr IN ([2024], [2025])) AS p ORDER BY region`,
      ["A|1|1", "B|1|0"],
    ],
    [
      `SELECT * FROM (SELECT Item, Qty FROM Orders) s PIVOT (MAX(Qty) FOR Item IN ([PEN], [Ink], [None])) AS p`,
      ["3|1|NULL"],
    ],
    [`SELECT p.[2024] AS x FROM ${sales} PIVOT (SUM(amount) FOR yr IN ([2024])) AS p WHERE p.region = 'a'`, ["10"]],
    [
      `SELECT q.region, o.OrderId FROM (SELECT region, [2024] FROM ${sales} PIVOT (SUM(amount) FOR yr IN ([2024])) p) q JOIN Orders o ON o.OrderId = q.[2024]`,
      ["A|10"],
    ],
    [
      `SELECT * FROM (SELECT region, yr FROM ${sales}) s PIVOT (COUNT(yr) FOR yr IN ([2024])) AS p ORDER BY region`,
      ["A|1", "B|1"],
    ],
    [`SELECT amount FROM ${sales} PIVOT (SUM(amount) FOR yr IN ([2024])) AS p`, ["! Invalid column name 'amount'."]],
    [`SELECT * FROM ${sales} PIVOT (SUM(amount) FOR nothing IN ([2024])) AS p`, ["! Invalid column name 'nothing'."]],
    [
      `SELECT * FROM ${sales} PIVOT (SUM(amount) FOR yr IN ([x])) AS p`,
      [`! The incorrect value "x" is supplied in the PIVOT operator.`],
    ],
    [
      "SELECT k, attr, v FROM (SELECT 1 AS k, 10 AS a, 20 AS b UNION ALL SELECT 2, NULL, 30) s UNPIVOT (v FOR attr IN (a, b)) AS u ORDER BY k, attr",
      ["1|a|10", "1|b|20", "2|b|30"],
    ],
    [
      "SELECT * FROM (SELECT 1 AS k, 10 AS a, 2.5 AS b) s UNPIVOT (v FOR attr IN (a, b)) AS u",
      [`! The type of column "b" conflicts with the type of other columns specified in the UNPIVOT list.`],
    ],
  ];
  it.each(titled(cases, "gives"))("%s", (_, sql, answer) => {
    expect(rows(engine, sql)).toEqual(answer);
  });
});
