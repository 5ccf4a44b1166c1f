import { describe, expect, it } from "vitest";
import { check } from "#sql/check.ts";
import { fieldsOf } from "./support/tables.ts";

/** The output columns as `name Type(size)`, `?` behind an assumed one. */
function columns(sql: string): string[] {
  return check(sql, fieldsOf).columns.map(({ name, fieldType, maxLength, precision, scale, assumed }) => {
    const size = maxLength ?? (precision === undefined ? undefined : `${precision},${scale ?? 0}`);
    return `${name} ${fieldType}${size === undefined ? "" : `(${size})`}${assumed === true ? "?" : ""}`;
  });
}

function codes(sql: string): string[] {
  return check(sql, fieldsOf).diagnostics.map(({ code }) => code);
}

const replaced = (depth: number): string => `${"REPLACE(".repeat(depth)}Name${", '(', '')".repeat(depth)}`;
const nested = (depth: number, open: string, inner: string, close: string): string =>
  open.repeat(depth) + inner + close.repeat(depth);

describe("check() types calls however deep they are nested", () => {
  it.each([
    ["10 calls of REPLACE", replaced(10)],
    ["60 calls of REPLACE", replaced(60)],
    ["50 pairs of LTRIM and RTRIM", nested(50, "LTRIM(RTRIM(", "Name", "))")],
    ["50 casts in CASE", nested(50, "CAST(CASE WHEN 1 = 1 THEN ", "Name", " END AS VARCHAR(50))")],
  ])("%s", (_name, expression) => {
    const sql = `SELECT ${expression} AS T, * FROM People`;
    expect(codes(sql)).not.toContain("NOT_UNDERSTOOD");
    expect(columns(sql).slice(0, 2)).toEqual(["T Text(50)", "Id Number"]);
  });
});

describe("check() never throws on chains", () => {
  it.each([
    ["AT TIME ZONE", "Born", " AT TIME ZONE 'UTC'"],
    ["IN", "Id", " IN (1)"],
    ["LIKE", "Name", " LIKE 'a'"],
    ["IS NULL", "Id", " IS NULL"],
    ["COLLATE", "Name", " COLLATE Latin1_General_CI_AS"],
    ["BETWEEN", "Id", " BETWEEN 1 AND 2"],
    ["a method", "Name", ".value('.', 'int')"],
    ["NOT", "NOT ", "NOT "],
  ])("5,000 × %s", (_name, head, link) => {
    const answer = check(`SELECT Id FROM People WHERE ${head}${link.repeat(5000)}`, fieldsOf);
    expect(answer.columns).toEqual([{ name: "Id", fieldType: "Number" }]);
  });
});

const words =
  "window sample sort start format limit output partition settings before offset match member exclude interval";

describe("check() reads in full what T-SQL has", () => {
  it.each(words.split(" "))("a table and a column called %s", (word) => {
    const sql = `SELECT ${word}.Id ${word}, ${word}.Name FROM People ${word} WHERE ${word}.Id = 1`;
    expect(codes(sql)).toEqual([]);
    expect(columns(sql)).toEqual([`${word} Number`, "Name Text(50)"]);
  });

  const many = (count: number, text: string, separator: string): string => Array(count).fill(text).join(separator);

  it.each([
    ["a chain of 1,000 OR", `SELECT * FROM People WHERE ${many(1000, "Id = 1", " OR ")}`],
    ["a chain of 400 AND NOT LIKE", `SELECT * FROM People WHERE ${many(400, "Name NOT LIKE 'a%'", " AND ")}`],
    ["1,000 branches of a UNION", many(1000, "SELECT * FROM People", " UNION ALL ")],
    ["100 parentheses", `SELECT * FROM People WHERE ${nested(100, "(", "Id = 1", ")")}`],
    ["50 derived tables", nested(50, "SELECT * FROM (", "SELECT * FROM People", ") x")],
    ["60 cases", `SELECT * FROM People WHERE 1 = ${nested(60, "CASE WHEN Id = 1 THEN ", "1", " END")}`],
    ["a join hint", "SELECT People.* FROM People INNER HASH JOIN Orders o ON o.PersonId = People.Id"],
    ["operators of two signs", "SELECT * FROM People WHERE Id !< 1 AND Id !> 5 AND Amount ! = 1"],
    ["TOP PERCENT", "SELECT TOP 1.5 PERCENT * FROM People"],
    ["TOP of a query", "SELECT TOP (SELECT MAX(Id) FROM Orders) * FROM People"],
    [
      "nested ON",
      "SELECT p.* FROM People p LEFT JOIN Orders o INNER JOIN Orders r ON r.Id = o.Id ON o.PersonId = p.Id",
    ],
  ])("%s", (_name, sql) => {
    expect(codes(sql)).not.toContain("NOT_UNDERSTOOD");
    expect(columns(sql).slice(0, 2)).toEqual(["Id Number", "Email Text(80)"]);
  });

  it.each([
    ["PARSE('1.5' AS decimal(5, 2) USING 'en-US')", "Decimal(5,2)"],
    ["TRY_PARSE(Name AS date USING 'de-DE')", "Date"],
    ["CAST(Name AS national character varying(20))", "Text(20)"],
    ["CONVERT([int], Amount)", "Number"],
    ["CAST(Name AS [varchar](30))", "Text(30)"],
    ["$5.00", "Decimal(19,4)"],
  ])("%s", (expression, type) => expect(columns(`SELECT ${expression} AS x FROM People`)).toEqual([`x ${type}`]));

  it.each(["GROUPING SETS ((Name), ())", "ALL Name", "CUBE (Name)", "ROLLUP (Name), Email"])("GROUP BY %s", (terms) => {
    const sql = `SELECT Name, COUNT(*) AS n FROM People GROUP BY ${terms}`;
    expect(codes(sql)).toEqual([]);
    expect(columns(sql)).toEqual(["Name Text(50)", "n Number"]);
  });

  it.each([
    ["SELECT Id, Name ?? 'x' AS n FROM People", ["Id Number", "n Text(4000)?"]],
    ["SELECT * FROM (SELECT Id FROM People) x WHERE Id ~~ 1", ["Id Number"]],
  ])("but for what it does not know, which is sent as it is: %s", (sql, expected) => {
    expect(check(sql, fieldsOf).ok).toBe(true);
    expect(codes(sql)).toContain("NOT_UNDERSTOOD");
    expect(columns(sql)).toEqual(expected);
  });
});

describe("check() writes out a star over a function without an alias", () => {
  const apply = "CROSS APPLY OPENJSON(p.Notes) WITH";
  it.each([
    [`SELECT * FROM People p ${apply} (a varchar(20) '$.a')`, "[p].[Blob], [a] FROM"],
    [`SELECT * FROM People p ${apply} (Name varchar(20))`, "[p].[Blob], [OPENJSON].[Name] AS [Name_2] FROM"],
    ["SELECT * FROM Orders o CROSS APPLY OPENJSON(o.Note)", "[key], [value], [type] FROM"],
  ])("%s", (sql, written) => expect(check(sql, fieldsOf).sql).toContain(written));
});
