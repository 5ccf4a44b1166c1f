import { afterAll, describe, expect, it } from "vitest";
import { openFilled, rows, valueOf, verdictOf } from "./support/engine.ts";
import { titled } from "../support/titles.ts";

const engine = openFilled();
afterAll(() => engine.close());

type Case = readonly [expression: string, answer: string];

describe("string functions", () => {
  const cases: Case[] = [
    ["LEN('abc  ')", "3"],
    ["LEN('  abc')", "5"],
    ["LEN('')", "0"],
    ["LEN(NULL)", "NULL"],
    ["LEN(12345)", "5"],
    ["DATALENGTH('abc  ')", "5"],
    ["DATALENGTH(N'abc')", "6"],
    ["DATALENGTH('')", "0"],
    ["LEFT('abcdef', 2)", "ab"],
    ["LEFT('abc', 10)", "abc"],
    ["LEFT(12345, 2)", "12"],
    ["LEFT('abc', -1)", "! Invalid length parameter passed to the left function."],
    ["LEFT('abc', CHARINDEX('@', 'abc') - 1)", "! Invalid length parameter passed to the LEFT or SUBSTRING function."],
    ["RIGHT('abcdef', 2)", "ef"],
    ["RIGHT('abc', 0)", ""],
    ["RIGHT('abc', -1)", "! Invalid length parameter passed to the right function."],
    ["SUBSTRING('abcdef', 2, 3)", "bcd"],
    ["SUBSTRING('abcdef', 0, 3)", "ab"],
    ["SUBSTRING('abcdef', -1, 3)", "a"],
    ["SUBSTRING('abcdef', -5, 3)", ""],
    ["SUBSTRING('abc', 2, 100)", "bc"],
    ["SUBSTRING('abc', 5, 1)", ""],
    ["SUBSTRING('abc', 1, -1)", "! Invalid length parameter passed to the LEFT or SUBSTRING function."],
    ["SUBSTRING(12345, 1, 2)", "! Argument data type int is invalid for argument 1 of substring function."],
    ["CHARINDEX('b', 'ABC')", "2"],
    ["CHARINDEX('x', 'abc')", "0"],
    ["CHARINDEX('', 'abc')", "0"],
    ["CHARINDEX('a', 'banana', 3)", "4"],
    ["CHARINDEX('b', 'banana', 2)", "0"],
    ["CHARINDEX('b', 'banana', -3)", "1"],
    ["CHARINDEX('e', 'é')", "0"],
    ["CHARINDEX('É', 'café')", "4"],
    ["CHARINDEX(NULL, 'a')", "NULL"],
    ["PATINDEX('%[0-9]%', 'abc1')", "4"],
    ["PATINDEX('a%', 'abc')", "1"],
    ["PATINDEX('b%', 'abc')", "0"],
    ["PATINDEX('%c', 'abc')", "3"],
    ["PATINDEX('%B%', 'abc')", "2"],
    ["PATINDEX('%z%', 'abc')", "0"],
    ["PATINDEX('abc', 'abc')", "1"],
    ["PATINDEX('%[^a-z]%', 'abc-d')", "4"],
    ["PATINDEX('%[^a-z]%', 'née')", "0"],
    ["PATINDEX('%_c%', 'abc')", "2"],
    ["REPLACE('Hello', 'L', 'x')", "Hexxo"],
    ["REPLACE('abc', '', 'x')", "abc"],
    ["REPLACE('aaa', 'aa', 'b')", "ba"],
    ["REPLACE('abc', 'b', '')", "ac"],
    ["REPLACE('abc', NULL, 'x')", "NULL"],
    ["REPLACE('a.b.c', '.', '$&')", "a$&b$&c"],
    ["STUFF('abcdef', 2, 3, 'ijklmn')", "aijklmnef"],
    ["STUFF('abc', 1, 0, 'x')", "xabc"],
    ["STUFF('abc', 3, 100, 'x')", "abx"],
    ["STUFF('abc', 2, 1, NULL)", "ac"],
    ["STUFF('abc', 0, 1, 'x')", "NULL"],
    ["STUFF('abc', 4, 1, 'x')", "NULL"],
    ["STUFF('abc', 1, -1, 'x')", "NULL"],
    ["STUFF('', 1, 1, 'x')", "NULL"],
    ["STUFF(', a, b', 1, 2, '')", "a, b"],
    ["REVERSE('abc')", "cba"],
    ["REPLICATE('ab', 3)", "ababab"],
    ["REPLICATE('x', 0)", ""],
    ["REPLICATE('x', -1)", "NULL"],
    ["'[' + SPACE(3) + ']'", "[   ]"],
    ["UPPER('straße é')", "STRAßE É"],
    ["LOWER('ÀB')", "àb"],
    ["'[' + LTRIM('  a ') + ']'", "[a ]"],
    ["'[' + RTRIM(' a  ') + ']'", "[ a]"],
    ["'[' + TRIM('  a ') + ']'", "[a]"],
    ["TRIM('x' FROM 'xxaxx')", "a"],
    ["LEN(LTRIM(CHAR(9) + 'a'))", "2"],
    ["ASCII('A')", "65"],
    ["ASCII('')", "NULL"],
    ["CHAR(65)", "A"],
    ["CHAR(256)", "NULL"],
    ["UNICODE(N'é')", "233"],
    ["NCHAR(233)", "é"],
    ["QUOTENAME('a]b')", "[a]]b]"],
    ["TRANSLATE('2*[3+4]/{7-2}', '[]{}', '()()')", "2*(3+4)/(7-2)"],
    ["CONCAT_WS('-', 'a', NULL, 'b')", "a-b"],
    ["CONCAT_WS(',', NULL, NULL)", ""],
    ["JSON_VALUE('{\"a\":{\"b\":[1,2.50]}}', '$.a.b[1]')", "2.50"],
    ["JSON_VALUE('{\"a\":true}', '$.a')", "true"],
    ["JSON_VALUE('{\"a\":{}}', '$.a')", "NULL"],
    ["JSON_VALUE('{\"a\":1}', '$.x')", "NULL"],
  ];
  it.each(titled(cases, "is"))("%s", (_, expression, answer) => {
    expect(valueOf(engine, expression)).toBe(answer);
  });
});

describe("+ and CONCAT", () => {
  const cases: Case[] = [
    ["'a' + 'b'", "ab"],
    ["'a' + NULL", "NULL"],
    ["'1' + '1'", "11"],
    ["'1' + 1", "2"],
    ["1 + '1'", "2"],
    ["'a' + 1", "! Conversion failed when converting the varchar value 'a' to data type int."],
    ["1 + '1.5'", "! Conversion failed when converting the varchar value '1.5' to data type int."],
    ["1.5 + '1'", "2.5"],
    ["'5' * 2", "10"],
    ["'a' + CAST(1 AS varchar(5))", "a1"],
    ["'a' + ''", "a"],
    ["CONCAT('a', NULL, 'b')", "ab"],
    ["CONCAT(NULL, NULL)", ""],
    ["CONCAT(1, 'a', 2.50)", "1a2.50"],
    ["CONCAT('x', CAST(1 AS bit))", "x1"],
    ["CONCAT(CAST('2024-01-05' AS date), '')", "2024-01-05"],
    ["CONCAT(CAST('2024-01-05 13:07' AS datetime), '')", "Jan  5 2024  1:07PM"],
    ["LEN(REPLICATE('x', 8000) + 'y')", "8000"],
    ["LEN(CONCAT(REPLICATE('x', 8000), 'y'))", "8000"],
    ["LEN(REPLICATE(CAST('x' AS varchar(max)), 8000) + 'y')", "8001"],
    ["LEN(REPLICATE('x', 9000))", "8000"],
  ];
  it.each(titled(cases, "is"))("%s", (_, expression, answer) => {
    expect(valueOf(engine, expression)).toBe(answer);
  });
});

describe("LIKE", () => {
  const cases: Case[] = [
    ["'abc' LIKE 'A%'", "true"],
    ["'abc' LIKE 'b%'", "false"],
    ["'abc' LIKE '_b_'", "true"],
    ["'abc' LIKE '[a-c]bc'", "true"],
    ["'abc' LIKE '[^a]bc'", "false"],
    ["'5' LIKE '[^0-9]'", "false"],
    ["'a-b' LIKE 'a[-x]b'", "true"],
    ["'50%' LIKE '50[%]'", "true"],
    ["'500' LIKE '50[%]'", "false"],
    ["'a_b' LIKE 'a[_]b'", "true"],
    ["'axb' LIKE 'a[_]b'", "false"],
    ["'a[b' LIKE 'a[[]b'", "true"],
    ["'a]b' LIKE 'a]b'", "true"],
    ["'50%' LIKE '50!%' ESCAPE '!'", "true"],
    ["'50x' LIKE '50!%' ESCAPE '!'", "false"],
    ["'abc' LIKE 'abc '", "false"],
    ["'abc  ' LIKE 'abc'", "true"],
    ["N'abc  ' LIKE N'abc'", "false"],
    ["'' LIKE ''", "true"],
    ["'' LIKE '%'", "true"],
    ["'a' LIKE ''", "false"],
    ["'é' LIKE 'e'", "false"],
    ["'é' LIKE 'É'", "true"],
    ["'é' LIKE '[a-z]'", "true"],
    ["'é' LIKE '[A-E]'", "false"],
    ["'z' LIKE '[a-Y]'", "false"],
    ["'a.c' LIKE 'a.c'", "true"],
    ["'abc' LIKE 'a.c'", "false"],
    ["'a\nb' LIKE 'a%b'", "true"],
    ["NULL LIKE 'a'", "unknown"],
    ["'a' LIKE NULL", "unknown"],
    ["'a' NOT LIKE NULL", "unknown"],
    ["12 LIKE '1%'", "true"],
    ["CAST('2026-01-05' AS datetime) LIKE 'Jan%2026%'", "true"],
  ];
  it.each(titled(cases, "is"))("%s", (_, condition, answer) => {
    expect(verdictOf(engine, condition)).toBe(answer);
  });
});

describe("STRING_SPLIT, STRING_AGG and FOR XML PATH", () => {
  const cases: [string, string[]][] = [
    ["SELECT value FROM STRING_SPLIT('a,b,,c', ',')", ["a", "b", "", "c"]],
    ["SELECT value FROM STRING_SPLIT('', ',')", [""]],
    ["SELECT value FROM STRING_SPLIT(NULL, ',')", []],
    [
      "SELECT value FROM STRING_SPLIT('a--b', '--')",
      ["! Procedure expects parameter 'separator' of type 'nchar(1)/nvarchar(1)'."],
    ],
    [
      "SELECT t.k, s.value FROM (VALUES (1, 'a b'), (2, NULL), (3, 'c')) t(k, v) CROSS APPLY STRING_SPLIT(t.v, ' ') s",
      ["1|a", "1|b", "3|c"],
    ],
    [
      "SELECT t.k, s.value FROM (VALUES (1, 'a b'), (2, NULL)) t(k, v) OUTER APPLY STRING_SPLIT(t.v, ' ') s",
      ["1|a", "1|b", "2|NULL"],
    ],
    ["SELECT STRING_AGG(Name, ', ') AS x FROM People WHERE Id < 3", ["Ann, bob"]],
    ["SELECT STRING_AGG(Name, ',') WITHIN GROUP (ORDER BY Id DESC) AS x FROM People", ["emile,ÉMILE,Cid,bob,Ann"]],
    ["SELECT STRING_AGG(City, ',') WITHIN GROUP (ORDER BY Id) AS x FROM People WHERE Id > 3", ["Paris"]],
    ["SELECT STRING_AGG(City, ',') AS x FROM People WHERE 1 = 0", ["NULL"]],
    ["SELECT (SELECT 1.5E0 AS x FOR XML PATH('')) AS y", ["? The sandbox does not run FOR XML of float."]],
    [
      "SELECT STUFF((SELECT ',' + Name FROM People ORDER BY Name DESC FOR XML PATH('')), 1, 1, '') AS x",
      ["ÉMILE,emile,Cid,bob,Ann"],
    ],
    ["SELECT (SELECT 'a&b' + '<c>' AS [text()] FOR XML PATH('')) AS x", ["a&amp;b&lt;c&gt;"]],
    ["SELECT (SELECT 'a&b' AS [text()] FOR XML PATH(''), TYPE).value('.', 'varchar(max)') AS x", ["a&b"]],
    [
      "SELECT (SELECT Id, City FROM People WHERE Id > 3 ORDER BY Id FOR XML PATH('p')) AS x",
      ["<p><Id>4</Id><City>Paris</City></p><p><Id>5</Id></p>"],
    ],
    ["SELECT (SELECT Name FROM People WHERE 1 = 0 FOR XML PATH('')) AS x", ["NULL"]],
    [
      "SELECT p.Name, STUFF((SELECT ';' + o.Item FROM Orders o WHERE o.PersonId = p.Id ORDER BY o.OrderId FOR XML PATH('')), 1, 1, '') AS Items FROM People p WHERE p.Id < 4",
      ["Ann|Pen;pen", "bob|Ink", "Cid|NULL"],
    ],
  ];
  it.each(titled(cases, "gives"))("%s", (_, sql, answer) => {
    expect(rows(engine, sql)).toEqual(answer);
  });
});
