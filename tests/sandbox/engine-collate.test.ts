import { describe, expect, it } from "vitest";
import { openFilled, rows, verdictOf } from "./support/engine.ts";
import { titled } from "../support/titles.ts";

const engine = openFilled();
const cased = "COLLATE Latin1_General_CS_AS";
const letters =
  "(SELECT 'b' AS v UNION ALL SELECT 'A' UNION ALL SELECT 'a' UNION ALL SELECT 'B' UNION ALL SELECT 'a') d";

describe("COLLATE (MCE 8.1)", () => {
  const verdicts: [condition: string, answer: string][] = [
    [`'a' ${cased} = 'A'`, "false"],
    [`'a' = 'A' ${cased}`, "false"],
    [`'a ' ${cased} = 'a'`, "true"],
    [`'é' ${cased} = 'e'`, "false"],
    ["'É' COLLATE Latin1_General_CI_AI = 'e'", "true"],
    ["'É' COLLATE SQL_Latin1_General_CP1_CI_AI LIKE '%e%'", "true"],
    ["'é' COLLATE Latin1_General_CS_AI = 'E'", "false"],
    ["'é' COLLATE Latin1_General_CS_AI = 'e'", "true"],
    [`'a' ${cased} IN ('A', 'b')`, "false"],
    [`'B' ${cased} BETWEEN 'b' AND 'c'`, "true"],
    [`'Abc' ${cased} LIKE 'a%'`, "false"],
    [`'Abc' LIKE '%B%' ${cased}`, "false"],
    // Windows' collations sort aAbB: the range A to Z holds every letter but a.
    [`'a' ${cased} LIKE '[A-Z]'`, "false"],
    [`'b' ${cased} LIKE '[A-Z]'`, "true"],
    ["'b' COLLATE Latin1_General_BIN LIKE '[A-Z]'", "false"],
    ["'B' COLLATE Latin1_General_100_BIN2 < 'a'", "true"],
    ["'B' < 'a'", "false"],
    [`UPPER('a' ${cased}) = 'a'`, "false"],
    [`CAST('a' ${cased} AS varchar(20)) = 'A'`, "false"],
    [`('a' ${cased} + 'b') = 'AB'`, "false"],
    [`CHARINDEX('B' ${cased}, 'abB') = 3`, "true"],
    [`PATINDEX('%[A-Z]%' COLLATE Latin1_General_BIN, 'abC') = 3`, "true"],
    [`REPLACE('aAa' ${cased}, 'a', '-') = '-A-'`, "true"],
    [`CASE 'x' ${cased} WHEN 'X' THEN 1 ELSE 0 END = 0`, "true"],
    [`NULLIF('x' ${cased}, 'X') IS NULL`, "false"],
    [`EXISTS (SELECT 1 FROM People WHERE Name ${cased} = 'BOB')`, "false"],
    [`'BOB' ${cased} IN (SELECT Name FROM People)`, "false"],
    ["'a' COLLATE database_default = 'A'", "true"],
  ];
  it.each(titled(verdicts, "is"))("%s", (_, condition, answer) => {
    expect(verdictOf(engine, condition)).toBe(answer);
  });

  const queries: [string, string[]][] = [
    [
      `SELECT v ${cased} AS v, COUNT(*) AS n FROM ${letters} GROUP BY v ${cased} ORDER BY v`,
      ["a|2", "A|1", "b|1", "B|1"],
    ],
    [`SELECT COUNT(*) AS n FROM (SELECT DISTINCT v ${cased} AS v FROM ${letters}) e`, ["4"]],
    [`SELECT COUNT(DISTINCT v ${cased}) AS n FROM ${letters}`, ["4"]],
    [`SELECT v FROM ${letters} ORDER BY v COLLATE Latin1_General_BIN2`, ["A", "B", "a", "a", "b"]],
    [
      `SELECT MIN(v COLLATE Latin1_General_BIN2) AS lo, MAX(v COLLATE Latin1_General_BIN2) AS hi FROM ${letters}`,
      ["A|b"],
    ],
    [`SELECT 'x' ${cased} AS v UNION SELECT 'X'`, ["x", "X"]],
    [`SELECT COUNT(*) AS n FROM (SELECT Name ${cased} AS n FROM People) d WHERE d.n = 'BOB'`, ["0"]],
    [`SELECT p.Id FROM People p JOIN (SELECT 'ANN' AS v UNION ALL SELECT 'bob') d ON p.Name ${cased} = d.v`, ["2"]],
    [
      `SELECT p.Id FROM People p JOIN (SELECT Name ${cased} AS v FROM People) d ON p.Name = d.v`,
      [
        '! Cannot resolve the collation conflict between "Latin1_General_CS_AS" and "SQL_Latin1_General_CP1_CI_AS" in the equal to operation.',
      ],
    ],
    [
      `SELECT 1 AS x WHERE 'a' ${cased} = 'a' COLLATE Latin1_General_CI_AS`,
      [
        '! Cannot resolve the collation conflict between "Latin1_General_CS_AS" and "Latin1_General_CI_AS" in the equal to operation.',
      ],
    ],
    ["SELECT 'a' COLLATE Nowhere AS x", ["! Invalid collation 'Nowhere'."]],
    ["SELECT 'a' COLLATE utf8_general_ci AS x", ["! Invalid collation 'utf8_general_ci'."]],
    ["SELECT 'a' COLLATE Turkish_CI_AS AS x", ["? The sandbox does not run COLLATE Turkish_CI_AS."]],
    ["SELECT 'a' COLLATE Turkish_BIN AS x", ["a"]],
    [`SELECT Id ${cased} AS x FROM People`, ["! Expression type int is invalid for COLLATE clause."]],
    [
      `SELECT Name FROM People GROUP BY Name ${cased}`,
      [
        "! Column 'Name' is invalid in the select list because it is not contained in either an aggregate function or the GROUP BY clause.",
      ],
    ],
  ];
  it.each(titled(queries, "gives"))("%s", (_, sql, answer) => {
    expect(rows(engine, sql)).toEqual(answer);
  });
});
