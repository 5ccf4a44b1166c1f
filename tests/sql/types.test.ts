import { describe, expect, it } from "vitest";
import { columns, typeOf } from "./support/tables.ts";
import { typeRows } from "./support/type-rows.ts";

describe("inferColumns() types", () => {
  it.each(typeRows)("%s as %s", (expression, type) => expect(typeOf(expression)).toBe(type));
});

const queries: [sql: string, columns: string[]][] = [
  ["SELECT x.Name FROM (SELECT Name FROM People) x", ["Name Text(50)"]],
  ["SELECT x.n FROM (SELECT Notes AS n, Id FROM People) AS x JOIN Orders o ON o.Id = x.Id", ["n Text(4000)"]],
  ["WITH c AS (SELECT Amount AS a FROM People) SELECT a FROM c", ["a Decimal(10,2)"]],
  [
    "SELECT y.Code FROM People p CROSS APPLY (SELECT TOP 1 Code FROM Orders WHERE PersonId = p.Id) y",
    ["Code Text(12)"],
  ],
  ["SELECT s.value FROM People p CROSS APPLY STRING_SPLIT(p.Name, ',') s", ["value Text(50)"]],
  ["SELECT j.[key], j.value FROM OPENJSON('{}') j", ["key Text(4000)", "value Text"]],
  ["SELECT j.a, j.b FROM OPENJSON('{}') WITH (a INT '$.a', b VARCHAR(20)) j", ["a Number", "b Text(20)"]],
  ["SELECT Name FROM People UNION SELECT Email FROM Orders", ["Name Text(200)"]],
  ["SELECT Id FROM People UNION ALL SELECT Total FROM Orders", ["Id Decimal(18,4)"]],
  ["SELECT CAST(Name AS NVARCHAR(MAX)) AS n FROM People UNION ALL SELECT Notes FROM People", ["n Text"]],
  ["SELECT Notes AS n FROM People EXCEPT SELECT CONVERT(VARCHAR(MAX), Name) FROM People", ["n Text"]],
  ["SELECT v.a FROM (VALUES ('x'), (CAST('long' AS NVARCHAR(MAX)))) v(a)", ["a Text"]],
  ["SELECT s.value FROM STRING_SPLIT(CAST('a,b' AS NVARCHAR(MAX)), ',') s", ["value Text(3)"]],
  [
    "SELECT k, l FROM (SELECT Name, Amount FROM People) s PIVOT (MAX(Amount) FOR Name IN ([k], [l])) p",
    ["k Decimal(10,2)", "l Decimal(10,2)"],
  ],
  ["SELECT n, v FROM People UNPIVOT (v FOR n IN (Name, Notes)) u", ["n Text(128)", "v Text(4000)"]],
  ["SELECT v.a, v.b FROM (VALUES (1, 'x'), (2, 'long')) v(a, b)", ["a Number", "b Text(4)"]],
  [
    "SELECT n = Id, 'x' AS 'Quoted', Name [In Brackets], Email \"e\" FROM People",
    ["n Number", "Quoted Text(1)", "In Brackets Text(50)", "e Text(80)"],
  ],
  ["select PEOPLE.name from people", ["name Text(50)"]],
  ["SELECT s.[Key] FROM Ent.Shared s", ["Key Text(36)"]],
  ["SELECT [My DE].[Order] FROM [My DE]", ["Order Number"]],
  [
    "SELECT SubscriberKey, EventDate, IsUnique FROM _Open",
    ["SubscriberKey Text(254)", "EventDate Date", "IsUnique Boolean"],
  ],
  ["SELECT j.EmailName FROM _Sent s JOIN _Job j ON j.JobID = s.JobID", ["EmailName Text(100)"]],
  ["SELECT p.Id FROM People p WHERE EXISTS (SELECT * FROM Nowhere n WHERE n.x = p.Id)", ["Id Number"]],
  ["(SELECT Id FROM People)", ["Id Number"]],
  ["SELECT Name, MAX(Id) AS m FROM People GROUP BY Name WITH CUBE", ["Name Text(50)", "m Number"]],
  ["SELECT Name FROM People OPTION (MAXDOP 1, RECOMPILE)", ["Name Text(50)"]],
  // A recursive expression has its first branch's types.
  [
    "WITH n AS (SELECT 1 AS i, Name FROM People UNION ALL SELECT i + 1, Name FROM n WHERE i < 10) SELECT i, Name FROM n",
    ["i Number", "Name Text(50)"],
  ],
  [
    "WITH n(j) AS (SELECT Born FROM People UNION ALL SELECT DATEADD(day, 1, j) FROM n) SELECT MAX(j) AS m FROM n",
    ["m Date"],
  ],
  [
    "WITH c AS (SELECT Id, Name FROM People), d AS (SELECT c.*, Name + 'x' AS x FROM c) SELECT d.* FROM d",
    ["Id Number", "Name Text(50)", "x Text(51)"],
  ],
  [
    "SELECT t.v FROM (SELECT Name AS v FROM People UNION ALL SELECT z.w FROM (SELECT Notes AS w FROM People) z) t",
    ["v Text(4000)"],
  ],
  // What the guard lets not run is read all the same: its query is what the user is after.
  ["DECLARE @d DATE = GETDATE()\nSELECT Id, Name FROM People WHERE Born > @d", ["Id Number", "Name Text(50)"]],
  ["DECLARE @d DATE; SET @d = '😀'; SELECT Name AS n FROM People;", ["n Text(50)"]],
  ["INSERT INTO Orders (a) SELECT Born FROM People", ["Born Date"]],
  ["SELECT Id, Name INTO #t FROM People", ["Id Number", "Name Text(50)"]],
  [
    "SELECT Id, COUNT(*) n, x = 1 FROM (People CROSS JOIN Orders, Nowhere)",
    ["Id Text(4000)?", "n Text(4000)?", "x Text(4000)?"],
  ],
];

describe("inferColumns() scopes", () => {
  it.each(queries)("%s", (sql, expected) => expect(columns(sql)).toEqual(expected));

  it("does not cut a name at 50 characters, as a peer does", () => {
    const name = "a_name_of_more_than_fifty_characters_that_nobody_may_cut";
    const sql = `SELECT Id AS [${name}], Name AS ${name}_2 FROM People`;
    expect(columns(sql)).toEqual([`${name} Number`, `${name}_2 Text(50)`]);
  });
});
