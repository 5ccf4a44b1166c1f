import { afterAll, describe, expect, it } from "vitest";
import { openFilled, rows, valueOf, verdictOf } from "./support/engine.ts";
import { titled } from "../support/titles.ts";

const engine = openFilled();
afterAll(() => engine.close());

type Case = readonly [expression: string, answer: string];

describe("three-valued logic", () => {
  const cases: Case[] = [
    ["NULL = NULL", "unknown"],
    ["NULL <> 1", "unknown"],
    ["NULL IS NULL", "true"],
    ["1 IS NOT NULL", "true"],
    ["1 = 1 OR NULL = 1", "true"],
    ["1 = 0 OR NULL = 1", "unknown"],
    ["1 = 0 AND NULL = 1", "false"],
    ["1 = 1 AND NULL = 1", "unknown"],
    ["NOT (NULL = 1)", "unknown"],
    ["2 IN (1, 2, NULL)", "true"],
    ["3 IN (1, 2, NULL)", "unknown"],
    ["3 NOT IN (1, 2)", "true"],
    ["3 NOT IN (1, 2, NULL)", "unknown"],
    ["1 NOT IN (1, NULL)", "false"],
    ["NULL IN (1, NULL)", "unknown"],
    ["3 NOT IN (SELECT PersonId FROM Orders)", "unknown"],
    ["1 NOT IN (SELECT PersonId FROM Orders)", "false"],
    ["3 NOT IN (SELECT PersonId FROM Orders WHERE PersonId IS NOT NULL)", "true"],
    ["NULL NOT IN (SELECT PersonId FROM Orders WHERE 1 = 0)", "true"],
    ["NULL BETWEEN 1 AND 2", "unknown"],
    ["5 BETWEEN 10 AND 1", "false"],
    ["5 NOT BETWEEN 1 AND 4", "true"],
    ["5 BETWEEN NULL AND 4", "false"],
    ["3 BETWEEN NULL AND 4", "unknown"],
    ["EXISTS (SELECT NULL)", "true"],
    ["EXISTS (SELECT 1 WHERE 1 = 0)", "false"],
    ["5 > ALL (SELECT Qty FROM Orders WHERE 1 = 0)", "true"],
    ["5 > ANY (SELECT Qty FROM Orders WHERE 1 = 0)", "false"],
    ["8 > ALL (SELECT Qty FROM Orders)", "unknown"],
    ["2 > ALL (SELECT Qty FROM Orders)", "false"],
    ["2 > ANY (SELECT Qty FROM Orders)", "true"],
    ["0 > ANY (SELECT Qty FROM Orders)", "unknown"],
    ["7 = SOME (SELECT Qty FROM Orders)", "true"],
    ["'a' <> NULL", "unknown"],
    ["NOT 1 = 2 AND 1 = 1", "true"],
    ["1 = 1 OR 1 = 1 AND 1 = 0", "true"],
    ["1 != 1", "false"],
  ];
  it.each(titled(cases, "is"))("%s", (_, condition, answer) => {
    expect(verdictOf(engine, condition)).toBe(answer);
  });
});

describe("values that choose", () => {
  const cases: Case[] = [
    ["CASE WHEN NULL = NULL THEN 'a' ELSE 'b' END", "b"],
    ["CASE NULL WHEN NULL THEN 'a' ELSE 'b' END", "b"],
    ["CASE 2 WHEN 1 THEN 'a' WHEN 2 THEN 'b' END", "b"],
    ["CASE 'x' WHEN 'X' THEN 1 ELSE 0 END", "1"],
    ["CASE WHEN 1 = 0 THEN 'a' END", "NULL"],
    ["CASE WHEN 1 = 1 THEN 1 ELSE 2.5 END", "1.0"],
    ["CASE WHEN 1 = 1 THEN 1 ELSE 'a' END", "1"],
    [
      "CASE WHEN 1 = 0 THEN 1 ELSE 'a' END",
      "! Conversion failed when converting the varchar value 'a' to data type int.",
    ],
    ["CASE WHEN 1 = 1 THEN '2024-01-01' ELSE GETDATE() END", "2024-01-01 00:00:00.000"],
    ["CASE WHEN 1 = 1 THEN CAST(1 AS bit) ELSE 0 END", "1"],
    [
      "CASE WHEN 1 = 1 THEN NULL ELSE NULL END",
      "! At least one of the result expressions in a CASE specification must be an expression other than the NULL constant.",
    ],
    ["IIF(1 > 2, 'yes', 'no')", "no"],
    ["IIF(NULL > 2, 'yes', 'no')", "no"],
    ["ISNULL(NULL, 'x')", "x"],
    ["ISNULL(CAST(NULL AS varchar(3)), 'abcdef')", "abc"],
    ["ISNULL(NULLIF('ab', 'ab'), 'abcdef')", "ab"],
    ["COALESCE(CAST(NULL AS varchar(3)), 'abcdef')", "abcdef"],
    ["ISNULL(5, 2.7)", "5"],
    ["ISNULL(CAST(NULL AS int), 2.7)", "2"],
    ["COALESCE(CAST(NULL AS int), 2.7)", "2.7"],
    ["COALESCE(1, 'a')", "1"],
    ["COALESCE(NULL, NULL, 3)", "3"],
    ["COALESCE(NULL, 'a', 1)", "! Conversion failed when converting the varchar value 'a' to data type int."],
    ["COALESCE(CAST(NULL AS datetime), '')", "1900-01-01 00:00:00.000"],
    ["ISNULL(CAST(NULL AS datetime), '')", "1900-01-01 00:00:00.000"],
    ["ISNULL(CAST(NULL AS int), '')", "0"],
    ["NULLIF(1, 1)", "NULL"],
    ["NULLIF(1, 2)", "1"],
    ["NULLIF('a', 'A ')", "NULL"],
    ["NULLIF('', ' ')", "NULL"],
    ["CHOOSE(2, 'a', 'b', 'c')", "b"],
    ["CHOOSE(4, 'a', 'b', 'c')", "NULL"],
    ["CHOOSE(0, 'a', 'b')", "NULL"],
  ];
  it.each(titled(cases, "is"))("%s", (_, expression, answer) => {
    expect(valueOf(engine, expression)).toBe(answer);
  });
});

describe("comparison of values of different types", () => {
  const cases: Case[] = [
    ["'10' > 9", "true"],
    ["'10' > '9'", "false"],
    ["1 = 1.0", "true"],
    ["'1' = 1", "true"],
    ["' 1' = 1", "true"],
    ["1.10 = 1.1", "true"],
    ["0.1 + 0.2 = 0.3", "true"],
    ["0.1E0 + 0.2E0 = 0.3E0", "false"],
    ["'' = 0", "true"],
    ["CAST(1 AS bit) = 'true'", "true"],
    ["CAST(0 AS bit) = 'false'", "true"],
    ["CAST('2024-01-01' AS datetime) = '2024-01-01'", "true"],
    ["CAST('2024-01-01' AS datetime) = '20240101 00:00:00'", "true"],
    ["CAST('1900-01-02' AS datetime) = 1", "true"],
    ["'2024-01-10' < '2024-01-9'", "true"],
    ["'a' IN ('A', 'b')", "true"],
    ["'1' IN (1, 2)", "true"],
    ["'x' = 1", "! Conversion failed when converting the varchar value 'x' to data type int."],
    ["CAST('2024-01-01' AS date) = 1", "! Operand type clash: int is incompatible with date"],
  ];
  it.each(titled(cases, "is"))("%s", (_, condition, answer) => {
    expect(verdictOf(engine, condition)).toBe(answer);
  });
});

describe("the collation SQL_Latin1_General_CP1_CI_AS", () => {
  const verdicts: Case[] = [
    ["'a' = 'A'", "true"],
    ["'a' = 'a  '", "true"],
    ["'a' = ' a'", "false"],
    ["'' = '   '", "true"],
    ["'é' = 'É'", "true"],
    ["'é' = 'e'", "false"],
    ["'ä' = 'a'", "false"],
    ["'ç' = 'C'", "false"],
    ["'ñ' = 'Ñ'", "true"],
    ["'a' < 'B'", "true"],
    ["'Z' > 'a'", "true"],
    ["'a' < 'é'", "true"],
    ["'é' < 'f'", "true"],
    ["'9' < 'A'", "true"],
    ["'10' < '2'", "true"],
    ["'a' < 'a b'", "true"],
    ["'A' COLLATE SQL_Latin1_General_CP1_CI_AS = 'a'", "true"],
  ];
  it.each(titled(verdicts, "is"))("%s", (_, condition, answer) => {
    expect(verdictOf(engine, condition)).toBe(answer);
  });

  const queries: [string, string[]][] = [
    ["SELECT COUNT(DISTINCT City) AS x FROM People", ["2"]],
    ["SELECT COUNT(*) AS n FROM People GROUP BY City ORDER BY City", ["1", "2", "2"]],
    ["SELECT DISTINCT UPPER(RTRIM(City)) AS c FROM People WHERE City IS NOT NULL ORDER BY c", ["BERLIN", "PARIS"]],
    ["SELECT COUNT(*) AS n FROM (SELECT DISTINCT City FROM People) d", ["3"]],
    ["SELECT COUNT(*) AS n FROM (SELECT Item FROM Orders UNION SELECT 'PEN ') d", ["5"]],
    ["SELECT Name FROM People WHERE Name = 'émile'", ["ÉMILE"]],
    ["SELECT Name FROM People ORDER BY Name", ["Ann", "bob", "Cid", "emile", "ÉMILE"]],
    ["SELECT a.Item FROM Orders a JOIN Orders b ON a.Item = b.Item WHERE a.OrderId = 10 AND b.OrderId = 11", ["Pen"]],
    ["SELECT COUNT(*) AS n FROM People a JOIN People b ON a.City = b.City WHERE a.Id = 1", ["2"]],
    ["SELECT MIN(Name) AS lo, MAX(Name) AS hi FROM People", ["Ann|ÉMILE"]],
    [
      "SELECT ROW_NUMBER() OVER (PARTITION BY Item ORDER BY OrderId) AS n FROM Orders WHERE OrderId < 12 ORDER BY OrderId",
      ["1", "2"],
    ],
    ["SELECT Item FROM Orders WHERE Item IN ('PEN', 'BOX') ORDER BY OrderId", ["Pen", "pen", "Box"]],
    ["SELECT COUNT(*) AS n FROM Orders WHERE Item IN (SELECT 'PEN')", ["2"]],
    ["SELECT Name FROM People WHERE City = 'BERLIN' ORDER BY Id", ["Ann", "Cid"]],
    ["SELECT Item FROM Orders WHERE OrderId < 12 EXCEPT SELECT 'PEN'", []],
  ];
  it.each(titled(queries, "gives"))("%s", (_, sql, answer) => {
    expect(rows(engine, sql)).toEqual(answer);
  });
});
