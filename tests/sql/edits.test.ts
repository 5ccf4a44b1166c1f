import { describe, expect, it } from "vitest";
import { check } from "#sql/check.ts";
import { withVerdict } from "#sql/mce-verdict.ts";
import { readText } from "#sql/query.ts";
import { editedBy } from "./support/edited.ts";
import { openFilled, rowsOf } from "./support/filled-engine.ts";
import { diagnosticsOf, mended } from "./support/mended.ts";
import { mistakes, openDice, rightOf } from "./support/mistakes.ts";
import { fieldsOf } from "./support/tables.ts";

const answers: [wrong: string, right: string][] = [
  // Names.
  ["SELECT Nmae FROM People", "SELECT Name FROM People"],
  ["SELECT p.Naem FROM People p", "SELECT p.Name FROM People p"],
  ["SELECT [First Nmae] FROM [My DE]", "SELECT [First Name] FROM [My DE]"],
  ["SELECT Name FROM Poeple", "SELECT Name FROM People"],
  ["SELECT SubscriberKey FROM _Opne", "SELECT SubscriberKey FROM _Open"],
  ["SELECT x.Name, x.Id FROM People p", "SELECT p.Name, p.Id FROM People p"],
  ["SELECT People.Name, People.Id FROM People p", "SELECT p.Name, p.Id FROM People p"],
  [
    "SELECT p.Name FROM People JOIN Orders o ON o.PersonId = p.Id",
    "SELECT p.Name FROM People AS p JOIN Orders o ON o.PersonId = p.Id",
  ],
  [
    "SELECT p.Code FROM People p JOIN Orders o ON o.PersonId = p.Id",
    "SELECT o.Code FROM People p JOIN Orders o ON o.PersonId = p.Id",
  ],
  ["SELECT Name AS n FROM People WHERE n = 'x'", "SELECT Name AS n FROM People WHERE Name = 'x'"],
  ["SELECT Id + 1 AS n FROM People WHERE n > 3", "SELECT Id + 1 AS n FROM People WHERE (Id + 1) > 3"],
  ["SELECT GETDAET() AS d", "SELECT GETDATE() AS d"],
  ["SELECT IFNULL(Name, '') AS n FROM People", "SELECT COALESCE(Name, '') AS n FROM People"],
  ["SELECT CURDATE() AS n", "SELECT CAST(GETDATE() AS DATE) AS n"],
  // Brackets and quotes.
  ["SELECT First Name FROM [My DE]", "SELECT [First Name] FROM [My DE]"],
  ["SELECT [First Name] FROM My DE", "SELECT [First Name] FROM [My DE]"],
  ["SELECT Name AS First Name FROM People", "SELECT Name AS [First Name] FROM People"],
  ["SELECT Name AS Order FROM People", "SELECT Name AS [Order] FROM People"],
  ["SELECT Name AS #n FROM People", "SELECT Name AS [#n] FROM People"],
  ["SELECT `Name` FROM People", "SELECT [Name] FROM People"],
  ['SELECT Id FROM People WHERE Name = "it\'s"', "SELECT Id FROM People WHERE Name = 'it''s'"],
  // Other databases.
  ["SELECT Id FROM People LIMIT 10", "SELECT TOP 10 Id FROM People "],
  ["SELECT DISTINCT Id FROM People LIMIT 10", "SELECT DISTINCT TOP 10 Id FROM People "],
  ["SELECT Id FROM People WHERE Id == 5", "SELECT Id FROM People WHERE Id = 5"],
  ["SELECT Id FROM People WHERE Id => 5", "SELECT Id FROM People WHERE Id >= 5"],
  ["SELECT Id FROM People WHERE Id > 5&&Id < 9", "SELECT Id FROM People WHERE Id > 5 AND Id < 9"],
  ["SELECT Name || 'x' AS n FROM People", "SELECT Name + 'x' AS n FROM People"],
  ["SELECT Id FROM People WHERE Active = True", "SELECT Id FROM People WHERE Active = 1"],
  ["SELECT Id FROM People WHERE Name ILIKE 'a%'", "SELECT Id FROM People WHERE Name LIKE 'a%'"],
  ["SELECT Id FROM People WHERE Born > DATE '2026-01-01'", "SELECT Id FROM People WHERE Born >  '2026-01-01'"],
  ["SELECT Name FROM dbo.People", "SELECT Name FROM People"],
  ["SELECT [Key] FROM Shared", "SELECT [Key] FROM Ent.Shared"],
  ["SELECT Id FROM People OPTION (MAXDOP 1, HASH JOIN (x))", "SELECT Id FROM People "],
  ["SELECT Id FROM People\nGO", "SELECT Id FROM People\n"],
  ["SELECT Id INTO dbo.Copy FROM People", "SELECT Id  FROM People"],
  ["SELECT Id FROM People FOR BROWSE", "SELECT Id FROM People "],
  ["SELECT Id FROM People p WITH (NOLOCK) WHERE Id > 1", "SELECT Id FROM People p  WHERE Id > 1"],
  // Signs and letters that only look right.
  ["SELECT Id FROM People WHERE Name = ‘abc’", "SELECT Id FROM People WHERE Name = 'abc'"],
  ["SELECT Id AS “The Id” FROM People", "SELECT Id AS [The Id] FROM People"],
  ["SELECT Id – 1 AS n FROM People", "SELECT Id - 1 AS n FROM People"],
  ["SELECT Id — all of them\nFROM People", "SELECT Id -- all of them\nFROM People"],
  ["SELECT Id，Name FROM People", "SELECT Id,Name FROM People"],
  ["SELECT Id FRОM People", "SELECT Id FROM People"],
  ["SELECT Nаme FROM People", "SELECT Name FROM People"],
  // Clauses and tables that lack something.
  ["SELECT d.a FROM (SELECT Id AS a FROM People)", "SELECT d.a FROM (SELECT Id AS a FROM People) AS d"],
  ["SELECT a FROM (SELECT Id AS a FROM People)", "SELECT a FROM (SELECT Id AS a FROM People) AS x"],
  ["SELECT Name, COUNT(*) AS n FROM People", "SELECT Name, COUNT(*) AS n FROM People GROUP BY Name"],
  [
    "SELECT TOP 9 Name, COUNT(*) AS n FROM People p HAVING Name > 'a' ORDER BY p.Name",
    "SELECT TOP 9 Name, COUNT(*) AS n FROM People p GROUP BY Name HAVING Name > 'a' ORDER BY p.Name",
  ],
  [
    "SELECT Name, YEAR(Born) AS y, COUNT(*) AS n FROM People WHERE Id > 1 GROUP BY Name",
    "SELECT Name, YEAR(Born) AS y, COUNT(*) AS n FROM People WHERE Id > 1 GROUP BY Name, YEAR(Born)",
  ],
  ["SELECT Id FROM People; WHERE Id > 3", "SELECT Id FROM People WHERE Id > 3"],
  ["SELECT Id FROM People;", "SELECT Id FROM People"],
  // What the reader does not understand.
  ["SELECT p.Id p.Name FROM People p", "SELECT p.Id, p.Name FROM People p"],
  ["SELECT Id, FROM People", "SELECT Id FROM People"],
  ["SELECT Id,, Name FROM People", "SELECT Id, Name FROM People"],
  ["SELECT Id FROM People WHERE Name IN ('a' 'b')", "SELECT Id FROM People WHERE Name IN ('a', 'b')"],
  ["SELCT Id FROM People", "SELECT Id FROM People"],
  ["SELECT DISTNCT Name FROM People", "SELECT DISTINCT Name FROM People"],
  ["SELECT Id FORM People", "SELECT Id FROM People"],
  ["SELECT Id FROM People WEHRE Id > 3", "SELECT Id FROM People WHERE Id > 3"],
  ["SELECT Name, COUNT(*) AS n FROM People GROPU BY Name", "SELECT Name, COUNT(*) AS n FROM People GROUP BY Name"],
  ["SELECT Name, COUNT(*) AS n FROM People GROUP Name", "SELECT Name, COUNT(*) AS n FROM People GROUP BY  Name"],
  ["SELECT Id FROM People WHERE (Id > 3", "SELECT Id FROM People WHERE (Id > 3)"],
  ["SELECT COUNT(* AS n FROM People", "SELECT COUNT(*) AS n FROM People"],
  ["SELECT Id) FROM People", "SELECT Id FROM People"],
  ["SELECT Id FROM People WHERE Name = 'abc", "SELECT Id FROM People WHERE Name = 'abc'"],
  ["SELECT Id FROM [People WHERE Id = 3", "SELECT Id FROM [People] WHERE Id = 3"],
];

/** Two answers or none: an edit would be a guess. */
const open: string[] = [
  "SELECT Id FROM People p JOIN Orders o ON o.PersonId = p.Id",
  "SELECT Id FROM People WHERE Id = 1 Name = 'x'",
  "SELECT Id FROM People WHERE (Id = 1 OR Id = 2 AND Id = 3",
  "SELECT Id FROM People UNION SELECT Id FROM Orders LIMIT 5",
  "SELECT Zzzzzz FROM People",
  "SELECT Id FROM Ent.Poeple",
  // A view may have a column that no list has.
  "SELECT EventDateUTC FROM _Sent",
  "SELECT SUSER_NAME(1) AS n",
  // Other groups, or one value of each group?
  "SELECT TOP 9 Name FROM People GROUP BY Name ORDER BY Email",
  "SELECT Name FROM People GROUP BY Name HAVING Email <> ''",
  "SELECT *, COUNT(*) AS n FROM Orders",
];

describe("check() offers edits", () => {
  it.each(answers)("%s", (wrong, right) => expect(mended(wrong)).toBe(right));

  it.each(open)("but none for %s", (sql) => expect(mended(sql)).toBe("no edit"));

  it("by lines and columns, in UTF-16 units", () => {
    const found = diagnosticsOf("SELECT '😀' AS a,\r\n Nmae FROM People").find(({ edits }) => edits !== undefined);
    expect(found?.edits).toEqual([{ line: 2, column: 2, endLine: 2, endColumn: 6, text: "Name" }]);
  });

  it("for a child's view of the parent", () => {
    const { diagnostics } = check("SELECT SubscriberKey FROM _Subscribers", fieldsOf, { isChild: true });
    const [edits = []] = diagnostics.map((one) => one.edits);
    expect(editedBy("SELECT SubscriberKey FROM _Subscribers", edits)).toBe(
      "SELECT SubscriberKey FROM Ent._Subscribers",
    );
  });
});

describe("severity info", () => {
  it("is no reason against running a query", () => {
    const checked = check("SELECT Id FROM People;", fieldsOf);
    expect([checked.ok, checked.diagnostics.map(({ severity }) => severity)]).toEqual([true, ["info"]]);
  });

  it("is what MCE says of every query without WHERE", () => {
    const said = { text: "Just a heads-up: …", shown: "Just a heads-up: …" };
    const sql = "SELECT Id FROM People";
    const judged = withVerdict(check(sql, fieldsOf), readText(sql), { isValid: true, errors: [], warnings: [said] });
    expect([judged.ok, judged.diagnostics.map(({ code, severity }) => `${severity} ${code}`)]).toEqual([
      true,
      ["info NO_WHERE"],
    ]);
  });
});

describe("edits and MCE's verdict", () => {
  const sql = "SELECT Nmae FROM People p WHERE Born > GETDAET()";
  const edits = (isValid: boolean) =>
    withVerdict(check(sql, fieldsOf), readText(sql), { isValid, errors: [], warnings: [] }).diagnostics.filter(
      (one) => one.edits !== undefined,
    );

  it("offer nothing where MCE finds nothing wrong", () => expect(edits(true)).toEqual([]));

  it("offer what is likely where MCE refuses the text", () => expect(edits(false)).toHaveLength(2));
});

const people = fieldsOf({ name: "People", ent: false }) ?? [];
const orders = fieldsOf({ name: "Orders", ent: false }) ?? [];
const mine = fieldsOf({ name: "My DE", ent: false }) ?? [];
const tables = { People: people, Orders: orders, "My DE": mine };

const rightTexts: string[] = [
  "SELECT p.Name, p.Email, COUNT(o.Id) AS Orders FROM People p LEFT JOIN Orders o ON o.PersonId = p.Id WHERE p.Active = 1 GROUP BY p.Name, p.Email",
  "SELECT TOP 10 Name, Notes, DATEDIFF(day, Born, GETDATE()) AS Age FROM People WHERE Email LIKE '%@x.com' AND Active = 0 ORDER BY Born DESC",
  "SELECT x.Code, MAX(x.Total) AS Most FROM (SELECT Code, Total FROM Orders WHERE Total > 1) AS x GROUP BY x.Code HAVING COUNT(*) >= 1",
  "SELECT [First Name] AS [Given Name], ISNULL([Order], 0) AS Rank FROM [My DE] WHERE [First Name] <> 'none'",
  "SELECT Name + ' ' + Email AS Both, CASE WHEN Active = 1 THEN 'yes' ELSE 'no' END AS Flag FROM People WHERE Id BETWEEN 1 AND 3",
  "SELECT Email FROM People UNION SELECT Email FROM Orders",
  "SELECT p.Name FROM People p WHERE NOT EXISTS (SELECT 1 FROM Orders o WHERE o.PersonId = p.Id AND o.Code = 'A')",
  "SELECT Id, ROW_NUMBER() OVER (PARTITION BY Active ORDER BY Id) AS n FROM People p WITH (NOLOCK) WHERE Name IN ('1', '2', '3');",
];

describe("edits in the sandbox", () => {
  it("change nothing of a right query", () => {
    const engine = openFilled(tables);
    for (const sql of rightTexts) {
      const before = rowsOf(engine, sql);
      expect([sql, before === undefined]).toEqual([sql, false]);
      for (const { code, edits } of diagnosticsOf(sql)) {
        const isSame = edits === undefined || rowsOf(engine, editedBy(sql, edits)) === before;
        expect([sql, code, isSame]).toEqual([sql, code, true]);
      }
    }
    engine.close();
  });

  it("make nine of ten texts with a typing mistake run right at once", { timeout: 60_000 }, () => {
    const engine = openFilled(tables);
    const dice = openDice(5);
    const outcomes: { kind: string; sql: string; isRight: boolean }[] = [];
    for (const sql of rightTexts) {
      for (const [kind, make] of Object.entries(mistakes)) {
        const made = make(rightOf(sql, tables), dice);
        const meant = made && rowsOf(engine, made.meant ?? sql);
        if (made === undefined || meant === undefined || rowsOf(engine, made.sql) !== undefined) continue;
        outcomes.push({ kind, sql: made.sql, isRight: rowsOf(engine, mended(made.sql)) === meant });
      }
    }
    engine.close();
    const wrong = outcomes.filter(({ isRight }) => !isRight).map(({ kind, sql }) => `${kind}: ${sql}`);
    expect(new Set(outcomes.map(({ kind }) => kind)).size).toBe(Object.keys(mistakes).length);
    expect(outcomes.length).toBeGreaterThan(50);
    expect(wrong.length, wrong.join("\n")).toBeLessThanOrEqual(outcomes.length / 10);
  });
});
