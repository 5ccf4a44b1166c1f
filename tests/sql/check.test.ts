import { describe, expect, it } from "vitest";
import { check, type CheckContext } from "#sql/check.ts";
import { fieldsOf } from "./support/tables.ts";

/** The diagnostics as `severity CODE line:column`. */
function found(sql: string, context?: CheckContext): string[] {
  return check(sql, fieldsOf, context).diagnostics.map(
    ({ severity, code, line, column }) => `${severity} ${code} ${line}:${column}`,
  );
}

const overwritten: CheckContext = { target: { name: "people", mode: "overwrite" } };

const findings: [sql: string, diagnostics: string[], context?: CheckContext][] = [
  ["SELECT Id FROM People", []],
  ["DELETE FROM People", ["error NOT_A_SELECT 1:1"]],
  ["WITH c AS (SELECT 1 AS a) SELECT a FROM c", []],
  // ORDER BY: per SELECT, not per text.
  ["SELECT Id FROM People ORDER BY Id", []],
  ["SELECT TOP 5 Id FROM People ORDER BY Id", []],
  ["SELECT Id FROM People ORDER BY Id OFFSET 5 ROWS", []],
  ["SELECT x.Id FROM (SELECT Id FROM People ORDER BY Id) x", ["error ORDER_BY_WITHOUT_TOP 1:41"]],
  ["SELECT TOP 5 Id FROM (SELECT Id FROM People) x ORDER BY Id", []],
  ["SELECT TOP 5 Id FROM People UNION SELECT Id FROM Orders ORDER BY Id", []],
  ["SELECT Id FROM People UNION SELECT TOP 5 Id FROM Orders ORDER BY Id", []],
  ["SELECT ROW_NUMBER() OVER (ORDER BY Id) AS n FROM People", []],
  ["SELECT STRING_AGG(Name, ',') WITHIN GROUP (ORDER BY Name) AS s FROM People", []],
  ["SELECT STUFF((SELECT ',' + Name FROM People ORDER BY Name FOR XML PATH('')), 1, 1, '') AS s", []],
  ["SELECT TOP 5 Id FROM People ORDER BY Id OFFSET 1 ROWS", ["error TOP_WITH_OFFSET 1:29"]],
  ["SELECT TOP 5 Amount AS Offset, Id FROM People ORDER BY Offset DESC, Id", []],
  ["SELECT Amount AS Offset, Id FROM People ORDER BY Id, Offset", []],
  ["SELECT Amount AS Offset, Id FROM People ORDER BY Id, Offset OFFSET (5) ROWS", []],
  ["SELECT TOP 5 Id FROM People ORDER BY CASE WHEN Id > 1 THEN 1 END OFFSET 5 ROWS", ["error TOP_WITH_OFFSET 1:29"]],
  ["(SELECT TOP 1 Id FROM People)", ["warning SELECT_NOT_FIRST 1:1"]],
  ["-- first\nSELECT Id FROM People WHERE (Id = 1)", []],
  ["SELECT Id FROM People WHERE DATEDIFF(DAY, Born, SYSDATETIME()) = 1", []],
  ["SELECT Id FROM People LIMIT 10", ["error LIMIT 1:23"]],
  ["SELECT Id FROM People OPTION (RECOMPILE)", ["error OPTION_CLAUSE 1:23"]],
  ["SELECT Id FROM People WITH (NOLOCK)", ["warning NOLOCK 1:29"]],
  ["SELECT Id FROM People (NOLOCK)", ["warning NOLOCK 1:24"]],
  // Tables.
  ["SELECT Id FROM C7.People", ["error MULTI_PART_NAME 1:16"]],
  ["SELECT Id FROM [7].People", ["error MULTI_PART_NAME 1:16"]],
  ["SELECT Id FROM 7.People", ["error MULTI_PART_NAME 1:16", "warning NOT_UNDERSTOOD 1:16"]],
  ["SELECT s.[Key] FROM ENT.Shared s", []],
  ["SELECT Id FROM (SELECT Id FROM People)", ["error DERIVED_WITHOUT_NAME 1:17"]],
  ["SELECT a FROM Peeple", ["warning UNKNOWN_TABLE 1:15"]],
  // The target, wherever it is read: only an update may.
  ["SELECT Id FROM People", ["error TARGET_READ 1:16"], overwritten],
  ["SELECT Id FROM Orders WHERE Id IN (SELECT Id FROM people)", ["error TARGET_READ 1:51"], overwritten],
  ["SELECT Id FROM Orders UNION SELECT Id FROM People", ["error TARGET_READ 1:44"], overwritten],
  ["SELECT Id FROM Orders WHERE EXISTS (SELECT 1 FROM [People])", ["error TARGET_READ 1:51"], overwritten],
  ["SELECT o.Id FROM Orders o CROSS APPLY (SELECT TOP 1 Id FROM People) p", ["error TARGET_READ 1:61"], overwritten],
  ["SELECT (SELECT MAX(Id) FROM People) AS m", ["error TARGET_READ 1:29"], overwritten],
  [
    "SELECT CASE WHEN EXISTS (SELECT 1 FROM People (NOLOCK)) THEN 1 END AS m",
    ["error TARGET_READ 1:40", "warning NOLOCK 1:48"],
    overwritten,
  ],
  ["SELECT Id FROM People", ["error TARGET_READ 1:16"], { target: { name: "People", mode: "append" } }],
  ["SELECT Id FROM People", [], { target: { name: "People", mode: "update" } }],
  [
    "SELECT a FROM (Orders CROSS JOIN t, [people])",
    ["error TARGET_READ 1:37", "warning NOT_UNDERSTOOD 1:35"],
    overwritten,
  ],
  // Names.
  ["SELECT Nmae FROM People", ["error UNKNOWN_COLUMN 1:8"]],
  ["SELECT p.Nmae FROM People p", ["error UNKNOWN_COLUMN 1:10"]],
  ["SELECT x.Id FROM People p", ["error UNKNOWN_PREFIX 1:8"]],
  ["SELECT People.Id FROM People p", ["error UNKNOWN_PREFIX 1:8"]],
  ["SELECT Id FROM People p, Orders o", ["error AMBIGUOUS_COLUMN 1:8"]],
  ['SELECT Id FROM People WHERE Name = "Ann"', ["error UNKNOWN_COLUMN 1:36"]],
  ["SELECT Id AS i FROM People WHERE i = 1", ["error UNKNOWN_COLUMN 1:34"]],
  ["SELECT TOP 1 Id AS i FROM People ORDER BY i", []],
  ["SELECT Subject FROM _Open", ["warning UNKNOWN_COLUMN 1:8"]],
  ["SELECT DATEADD(day, 1, Born) AS d FROM People", []],
  ["SELECT Id FROM People UNION SELECT Id, Email FROM Orders", ["error UNION_COLUMNS 1:29"]],
  ["SELECT x.a FROM (SELECT * FROM Nowhere) x", ["warning UNKNOWN_TABLE 1:32"]],
  ["SELECT * FROM Nowhere", ["error STAR_UNKNOWN 1:8", "warning UNKNOWN_TABLE 1:15"]],
  ["SELECT Id FROM People WHERE Id IN (SELECT Lang FROM Orders)", ["warning OUTER_COLUMN 1:43"]],
  ["SELECT Id FROM People WHERE Id IN (SELECT PersonId FROM Orders)", []],
  ["SELECT Id FROM People WHERE Name = 5", ["warning TEXT_WITH_NUMBER 1:29"]],
  ["SELECT Id FROM People p WHERE -1 <> p.Name", ["warning TEXT_WITH_NUMBER 1:39"]],
  ["SELECT Id FROM People WHERE Name = '5' AND Id = '5' AND Active = 'true' AND Amount > ' 1.5' AND Id = ''", []],
  ["SELECT Id FROM People WHERE Id = 'abc'", ["warning TEXT_WITH_NUMBER 1:29"]],
  ["SELECT Id FROM People WHERE Active = 'yes'", ["warning TEXT_WITH_NUMBER 1:29"]],
  ["SELECT Id FROM People WHERE Id IN (SELECT Id, PersonId FROM Orders)", ["error SUBQUERY_COLUMNS 1:36"]],
  ["SELECT (SELECT * FROM Orders) AS o", ["error SUBQUERY_COLUMNS 1:9"]],
  ["SELECT Id FROM People p WHERE EXISTS (SELECT o.Id, PersonId FROM Orders o WHERE o.PersonId = p.Id)", []],
  // Grouping.
  ["SELECT Name, COUNT(*) AS n FROM People GROUP BY Name", []],
  ["SELECT p.Name, COUNT(*) AS n FROM People p GROUP BY NAME", []],
  ["SELECT Name, Email, COUNT(*) AS n FROM People GROUP BY Name", ["error NOT_GROUPED 1:14"]],
  ["SELECT Name, COUNT(*) AS n FROM People", ["error NOT_GROUPED 1:8"]],
  ["SELECT Name FROM People HAVING COUNT(*) > 1", ["error NOT_GROUPED 1:8"]],
  ["SELECT YEAR(Born) AS y, YEAR(Born) + 1 AS z, MAX(Name) + 'x' AS m, 1 AS o FROM People GROUP BY YEAR(Born)", []],
  ["SELECT UPPER(Name) AS u FROM People GROUP BY Name, Email", []],
  ["SELECT DATEPART(year, p.Born) AS y FROM People p GROUP BY datepart(YEAR, Born)", []],
  ["SELECT DATEPART(year, Born) AS y FROM People GROUP BY MONTH(Born)", ["error NOT_GROUPED 1:23"]],
  ["SELECT COUNT(*) OVER () AS n, Name FROM People", []],
  ["SELECT (SELECT COUNT(*) FROM Orders) AS n, Name FROM People", []],
  [
    "SELECT CASE WHEN Name = 'a' THEN 1 END AS c, COUNT(*) AS n FROM People GROUP BY CASE WHEN Name = 'a' THEN 1 END",
    [],
  ],
  ["SELECT Name, COUNT(*) AS n FROM People GROUP BY Name WITH ROLLUP", []],
  ["SELECT Name, Email, COUNT(*) AS n FROM People GROUP BY GROUPING SETS ((Name), (Email))", []],
  ["SELECT p.Name, (SELECT MAX(o.Id + p.Id) FROM Orders o) AS n FROM People p", []],
  ["SELECT Id FROM People WHERE COUNT(*) > 1", ["error AGGREGATE_IN_WHERE 1:29"]],
  ["SELECT Id FROM People WHERE ROW_NUMBER() OVER (ORDER BY Id) = 1", ["error WINDOW_IN_WHERE 1:29"]],
  ["SELECT Id FROM People WHERE Id = (SELECT MAX(Id) FROM Orders)", []],
  // An ON sees what is joined up to it.
  ["SELECT p.Name FROM People p JOIN Orders o ON Born = o.Id LEFT JOIN People q ON q.Id = p.Id", []],
  ["SELECT p.Name FROM People p JOIN Orders o ON o.Id = q.Id JOIN People q ON 1 = 1", []],
  // Types and collations are no columns.
  ["SELECT CAST(SUM(a) AS MONEY) AS t FROM Nowhere", ["warning UNKNOWN_TABLE 1:40"]],
  ["SELECT a COLLATE Latin1_General_CI_AS AS n FROM Nowhere GROUP BY a", ["warning UNKNOWN_TABLE 1:49"]],
  // A chain is read from the left.
  ["SELECT Id + Amount + 1 AS s FROM People GROUP BY Id + Amount", []],
  [
    "SELECT 1 + Id + Amount AS s FROM People GROUP BY Id + Amount",
    ["error NOT_GROUPED 1:12", "error NOT_GROUPED 1:17"],
  ],
  // Functions.
  ["SELECT NVL(Name, '') AS n FROM People", ["error FOREIGN_FUNCTION 1:8"]],
  ["SELECT TRY_CONVERT(INT, Name) AS n FROM People", ["warning DISPUTED_FUNCTION 1:8"]],
  ["SELECT GETDAT() AS n", ["warning UNKNOWN_FUNCTION 1:8"]],
  ["SELECT dbo.Mine(Id) AS n FROM People", ["error OWN_FUNCTION 1:8"]],
  // Shape.
  ["SELECT Notes, Name FROM People", ["warning WIDE_ROW 1:1"]],
  ["SELECT Id AS [Rate (%)], Name AS [Año: it's-ok_1] FROM People", []],
  ["SELECT '😀' AS a,, Id FROM People", ["warning NOT_UNDERSTOOD 1:18"]],
  ["SELECT Id FROM People WHERE", ["warning NOT_UNDERSTOOD 1:28"]],
];

describe("check()", () => {
  it.each(findings)("%s", (sql, diagnostics, context) => expect(found(sql, context)).toEqual(diagnostics));

  it("refuses a name of 129 characters", () =>
    expect(found(`SELECT Id AS [${"n".repeat(129)}] FROM People`)).toEqual(["error NAME_TOO_LONG 1:1"]));

  it.each([
    ["SELECT Nmae FROM People", "Did you mean Name?"],
    ["SELECT p.Emial FROM People p", "Did you mean Email?"],
    ["SELECT p.Amoumtt FROM People p", "Did you mean Amount?"],
    ["SELECT q.Id FROM People p", "Did you mean p?"],
    ["SELECT People.Id FROM People p", "People is called p here: write p."],
    ["SELECT Id FROM People p, Orders o", "Write p.Id or o.Id"],
    ["SELECT a FROM _Opens", "Did you mean _Open?"],
    ["SELECT a FROM Peeple", "Did you mean People?"],
    ["SELECT GETDAT() AS n", "Did you mean GETDATE?"],
    ['SELECT Id FROM People WHERE Name = "Ann"', "Text stands in single quotes: '…'"],
    [
      "SELECT Id AS i FROM People WHERE i = 1",
      "An alias of the select list is known in ORDER BY only: repeat its expression here",
    ],
    ["SELECT Zzzzz FROM People", undefined],
  ])("helps with %s", (sql, fix) => {
    expect(check(sql, fieldsOf, { tableNames: ["People", "Orders"] }).diagnostics[0]?.fix).toBe(fix);
  });

  it("gives tables, columns, the text to run and notes", () => {
    const { look, portable, ...rest } = check(
      "SELECT COUNT(*), p.Name FROM People p JOIN _Open o ON 1 = 1 JOIN Ent.Shared s ON 1 = 1 GROUP BY p.Name;",
      fieldsOf,
    );
    expect([look?.order, portable]).toEqual(["QPP_Order", rest.sql]);
    expect(rest).toEqual({
      ok: true,
      diagnostics: [expect.objectContaining({ code: "SEMICOLON", severity: "info" })],
      tables: [
        { name: "People", ent: false, isDataView: false },
        { name: "_Open", ent: false, isDataView: true },
        { name: "Shared", ent: true, isDataView: false },
      ],
      columns: [
        { name: "COUNT", fieldType: "Number" },
        { name: "Name", fieldType: "Text", maxLength: 50 },
      ],
      sql: "SELECT COUNT(*) AS [COUNT], p.Name FROM People p JOIN _Open o ON 1 = 1 JOIN Ent.Shared s ON 1 = 1 GROUP BY p.Name",
      notes: [expect.stringContaining(";"), "Column 1 has no name; it is called COUNT"],
    });
  });

  const columns = (count: number): string => Array.from({ length: count }, (_, index) => `Id AS c${index}`).join();

  it.each([
    [`SELECT ${columns(1000)} FROM People`, 1000],
    [`SELECT ${Array(100).fill("p.*").join()} FROM People p`, 1000],
    ["SELECT * FROM People p WHERE EXISTS (SELECT o.*, o.* FROM Orders o)", 10],
    [`SELECT * FROM (SELECT ${columns(1000)} FROM People) x`, 1000],
    [`SELECT c1 FROM (SELECT ${columns(1001)} FROM People) x`, 1],
  ])("takes a result of 1,000 columns at most, whatever derived tables have: %.40s…", (sql, count) => {
    expect(check(sql, fieldsOf)).toMatchObject({ ok: true, columns: { length: count } });
  });

  it.each([
    [`SELECT ${columns(1001)} FROM People`, 8, 1001],
    [`SELECT ${Array(100).fill("p.*").join()}, Id AS c FROM People p`, 1, 1001],
    [`SELECT * FROM (SELECT ${columns(1001)} FROM People) x`, 1, 1001],
    [`SELECT ${Array(50_000).fill("*").join()} FROM Nowhere`, 8, 50_000],
  ])("refuses more than 1,000 columns: %.40s…", (sql, column, count) => {
    const { diagnostics, ...rest } = check(sql, fieldsOf);
    expect(rest).toMatchObject({ ok: false, columns: [] });
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([
      expect.objectContaining({
        code: "TOO_MANY_COLUMNS",
        message: `The result has ${count} columns; a run takes 1000 at most`,
        column,
      }),
    ]);
  });

  it("leaves stars in derived tables alone that stand for too many columns, and refuses to write them out", () => {
    const deep = `(SELECT ${Array(50).fill("x.*").join()} FROM (SELECT ${Array(50).fill("p.*").join()} FROM People p) x) y`;
    expect(check(`SELECT 1 AS a FROM ${deep}`, fieldsOf)).toMatchObject({ ok: true, columns: [{ name: "a" }] });
    const { ok, diagnostics } = check(`SELECT y.* FROM ${deep}`, fieldsOf);
    expect(ok).toBe(false);
    expect(new Set(diagnostics.map(({ code, message }) => `${code} ${message}`))).toEqual(
      new Set(["STAR_UNKNOWN Cannot write out *: the stars of this query stand for more than 20000 columns"]),
    );
  });

  const replaced = (depth: number): string => `${"REPLACE(".repeat(depth)}Name${", 'a', 'b')".repeat(depth)}`;

  it("names and types the columns beside what is too deep to read, and reads the tables", () => {
    const head = "SELECT p.Id, ";
    const sql = `${head}${replaced(300)} AS Clean, 1 FROM People p`;
    const { portable, ...rest } = check(sql, fieldsOf);
    expect(portable).toBe(rest.sql);
    expect(rest).toEqual({
      ok: true,
      diagnostics: [
        {
          code: "NOT_UNDERSTOOD",
          severity: "warning",
          message: "the query is nested too deeply to read here",
          fix: "MCE itself will say whether it is right",
          line: 1,
          column: expect.any(Number),
          endLine: 1,
          endColumn: expect.any(Number),
        },
      ],
      tables: [{ name: "People", ent: false, isDataView: false }],
      columns: [
        { name: "Id", fieldType: "Number" },
        { name: "Clean", fieldType: "Text", maxLength: 4000 },
        { name: "Column3", fieldType: "Number" },
      ],
      sql: sql.replace(", 1 FROM", ", 1 AS [Column3] FROM"),
      notes: ["Column 3 has no name; it is called Column3"],
    });
  });

  it("writes out a star beside what is too deep to read", () => {
    const { ok, sql, columns: known } = check(`SELECT p.* FROM People p WHERE ${replaced(300)} = ''`, fieldsOf);
    expect({ ok, count: known.length }).toEqual({ ok: true, count: 10 });
    expect(sql).toMatch(/^SELECT \[p\]\.\[Id\], \[p\]\.\[Email\], /);
  });

  const lostFrom = "FROM (People p CROSS JOIN Orders o, Nowhere)";

  it("says what to do about a star whose FROM is not understood", () => {
    const { ok, diagnostics } = check(`SELECT * ${lostFrom}`, fieldsOf);
    expect(ok).toBe(false);
    expect(diagnostics[0]).toMatchObject({
      code: "STAR_UNKNOWN",
      message: "Cannot write out *: the query is not understood here: expected ), found ,",
      fix: "Name the columns",
      column: 8,
      endColumn: 9,
    });
  });

  it("writes out the star of one table of such a FROM, and assumes its types", () => {
    const { sql, columns: known } = check(`SELECT o.* ${lostFrom}`, fieldsOf);
    expect(sql).toMatch(/^SELECT \[o\]\.\[Id\], /);
    expect(known[0]).toEqual({ name: "Id", fieldType: "Text", maxLength: 4000, assumed: true });
  });

  it("types the columns of a query with a list of 20,000 keys, and finds its places behind the list", () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => (index % 2 === 0 ? `-${index}` : `'😀${index}'`)).join();
    const {
      ok,
      columns: known,
      diagnostics,
    } = check(`SELECT Id, Email FROM People WHERE Id IN (${keys}) AND Nmae = ''`, fieldsOf);
    expect({ ok, known }).toEqual({
      ok: false,
      known: [
        { name: "Id", fieldType: "Number" },
        { name: "Email", fieldType: "Text", maxLength: 80 },
      ],
    });
    expect(diagnostics).toMatchObject([{ code: "UNKNOWN_COLUMN", column: 49 + keys.length }]);
  });

  it("shows errors before warnings where it cannot show all", () => {
    const many = Array.from({ length: 60 }, (_, index) => `GETDAT${index}() AS c${index}`).join();
    const { ok, diagnostics } = check(`SELECT ${many} FROM People WHERE Nmae = 1`, fieldsOf);
    expect({ ok, shown: diagnostics.length, last: diagnostics.at(-1)?.code }).toEqual({
      ok: false,
      shown: 50,
      last: "UNKNOWN_COLUMN",
    });
  });

  it("looks for the name that was meant for the first 20 findings only", () => {
    const many = Array.from({ length: 30 }, (_, index) => `Emai${index}l AS c${index}`).join();
    const { diagnostics } = check(`SELECT ${many} FROM People`, fieldsOf);
    const unknown = diagnostics.filter(({ code }) => code === "UNKNOWN_COLUMN");
    expect(unknown.map(({ fix }) => fix !== undefined)).toEqual([...Array(20).fill(true), ...Array(10).fill(false)]);
  });

  it("names a table that was meant wherever it is misspelt", () => {
    const tables = Array.from({ length: 30 }, (_, index) => `Peeple t${index}`).join();
    const { diagnostics } = check(`SELECT 1 AS a FROM ${tables}`, fieldsOf, { tableNames: ["People"] });
    expect(new Set(diagnostics.map(({ fix }) => fix))).toEqual(new Set(["Did you mean People?"]));
  });

  it("does not repeat a name of any length", () => {
    const { diagnostics } = check(`SELECT ${"n".repeat(50_000)} FROM People`, fieldsOf);
    expect(diagnostics.map(({ message }) => message.length <= 500)).toEqual([true, true]);
  });

  it("is ok with warnings, not with errors", () => {
    expect(check("SELECT Id FROM People WITH (NOLOCK)", fieldsOf).ok).toBe(true);
    expect(check("SELECT Id FROM People LIMIT 5", fieldsOf).ok).toBe(false);
  });
});
