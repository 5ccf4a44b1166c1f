import { describe, expect, it } from "vitest";
import { openFilled, rowsOf } from "./support/filled-engine.ts";
import { diagnosticsOf, mended, mendedAtOnce } from "./support/mended.ts";
import { fieldsOf } from "./support/tables.ts";

const right: [wrong: string, right: string][] = [
  // True and False beside a text, a flag, a number.
  ["SELECT Id FROM People WHERE Name = True", "SELECT Id FROM People WHERE Name = 'True'"],
  ["SELECT Id FROM People WHERE false <> UPPER(Name)", "SELECT Id FROM People WHERE 'false' <> UPPER(Name)"],
  ["SELECT Id FROM People WHERE Name IN (True, 'x')", "SELECT Id FROM People WHERE Name IN ('True', 'x')"],
  ["SELECT Id FROM People WHERE Active = TRUE", "SELECT Id FROM People WHERE Active = 1"],
  ["SELECT ISNULL(Active, False) AS a FROM People", "SELECT ISNULL(Active, 0) AS a FROM People"],
  ["SELECT ISNULL(Name, False) AS a FROM People", "SELECT ISNULL(Name, 'False') AS a FROM People"],
  [
    "SELECT CASE WHEN Id = 1 THEN True ELSE False END AS c FROM People",
    "SELECT CASE WHEN Id = 1 THEN 1 ELSE 0 END AS c FROM People",
  ],
  // LIMIT.
  ["SELECT Id FROM People LIMIT 0, 20", "SELECT TOP 20 Id FROM People "],
  [
    "SELECT Id FROM People LIMIT 10, 20",
    "SELECT Id FROM People ORDER BY (SELECT NULL) OFFSET 10 ROWS FETCH NEXT 20 ROWS ONLY",
  ],
  [
    "SELECT Id FROM People ORDER BY Id LIMIT 10 OFFSET 20",
    "SELECT Id FROM People ORDER BY Id OFFSET 20 ROWS FETCH NEXT 10 ROWS ONLY",
  ],
  [
    "SELECT Id FROM People UNION SELECT Id FROM Orders ORDER BY Id LIMIT 3",
    "SELECT Id FROM People UNION SELECT Id FROM Orders ORDER BY Id OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY",
  ],
  [
    "SELECT Name, (SELECT Code FROM Orders ORDER BY Total LIMIT 1) AS c FROM People",
    "SELECT Name, (SELECT TOP 1 Code FROM Orders ORDER BY Total ) AS c FROM People",
  ],
  [
    "SELECT Name FROM People ORDER BY Name OFFSET 10 LIMIT 5",
    "SELECT Name FROM People ORDER BY Name OFFSET 10 ROWS FETCH NEXT 5 ROWS ONLY",
  ],
  ["SELECT Name FROM People FETCH FIRST 10 ROWS ONLY", "SELECT TOP 10 Name FROM People "],
  ["SELECT Name FROM People ORDER BY Name FETCH NEXT 1 ROW ONLY", "SELECT TOP 1 Name FROM People ORDER BY Name "],
  // What the reader does not understand.
  [
    "SELECT p.Id FROM People p JOIN Orders o p.Id = o.PersonId",
    "SELECT p.Id FROM People p JOIN Orders o ON p.Id = o.PersonId",
  ],
  ["SELECT Id FROM People WHERE Name = 'O'Hara'", "SELECT Id FROM People WHERE Name = 'O''Hara'"],
  ["SELECT IF(Id = 1, 'a', 'b') AS x FROM People", "SELECT IIF(Id = 1, 'a', 'b') AS x FROM People"],
  [
    "SELECT Id FROM People WHERE Name ILIKE 'a%' || Id",
    "SELECT Id FROM People WHERE Name LIKE 'a%' + CAST(Id AS VARCHAR(11))",
  ],
  // Two bars: OR between conditions, else a text of all that is joined.
  [
    "SELECT Id FROM People WHERE Name = 'a' || Name = 'b' || Id = 3",
    "SELECT Id FROM People WHERE Name = 'a' OR Name = 'b' OR Id = 3",
  ],
  [
    "SELECT Id FROM People WHERE (Name = 'a') || (Id > 2 AND Active = 1)",
    "SELECT Id FROM People WHERE (Name = 'a') OR (Id > 2 AND Active = 1)",
  ],
  [
    "SELECT CASE WHEN Name = 'a' || Id = 1 THEN 'x' || 'y' END AS q FROM People",
    "SELECT CASE WHEN Name = 'a' OR Id = 1 THEN 'x' + 'y' END AS q FROM People",
  ],
  ["SELECT Id FROM People WHERE 'a' || Name = 'b'", "SELECT Id FROM People WHERE 'a' + Name = 'b'"],
  ["SELECT Name || Id AS x FROM People", "SELECT Name + CAST(Id AS VARCHAR(11)) AS x FROM People"],
  [
    "SELECT Name || ' ' || Amount * 2 AS x FROM People",
    "SELECT Name + ' ' + CAST(Amount * 2 AS VARCHAR(14)) AS x FROM People",
  ],
  // Functions whose arguments are not the same everywhere.
  ["SELECT NVL(Name, 'nobody at all') AS n FROM People", "SELECT COALESCE(Name, 'nobody at all') AS n FROM People"],
  ["SELECT SUBSTR(Name, 2, 3) AS n FROM People", "SELECT SUBSTRING(Name, 2, 3) AS n FROM People"],
  ["SELECT NOW() AS n", "SELECT GETDATE() AS n"],
  [
    "SELECT ROW__NUMBER() OVER (ORDER BY Id) AS n FROM People",
    "SELECT ROW_NUMBER() OVER (ORDER BY Id) AS n FROM People",
  ],
  [
    "SELECT DATEPART(quarter, Born) AS quarter, COUNT(*) AS n FROM People GROUP BY DTEPART(quarter, Born)",
    "SELECT DATEPART(quarter, Born) AS quarter, COUNT(*) AS n FROM People GROUP BY DATEPART(quarter, Born)",
  ],
  ["SELECT RANDOM() AS n FROM People", "SELECT RAND(CHECKSUM(NEWID())) AS n FROM People"],
  // Typographic signs.
  ["SELECT Id — all of them\nFROM People", "SELECT Id -- all of them\nFROM People"],
  ["SELECT p.“Name” FROM People p WHERE p.Name = “x”", "SELECT p.[Name] FROM People p WHERE p.Name = 'x'"],
  [
    "SELECT `Name` FROM `People` WHERE `Id` == 1 && Id =< 3",
    "SELECT [Name] FROM [People] WHERE [Id] = 1  AND  Id <= 3",
  ],
];

/** An edit would mean something else, or be a guess. */
const open: string[] = [
  "SELECT Id FROM People WHERE Born = True",
  "SELECT CONCAT(Name, True) AS c FROM People",
  "SELECT DISTINCT Id FROM People LIMIT 10, 20",
  "SELECT Id FROM People UNION SELECT Id FROM Orders LIMIT 3",
  "SELECT TOP 3 Id FROM People LIMIT 2",
  "SELECT Name || Born AS x FROM People",
  "SELECT Active || Name AS x FROM People",
  "SELECT Name || Unknown.x AS x FROM People, Unknown",
  "SELECT Name || Id + 1 AS x FROM People",
  "SELECT SUBSTR(Name, 2) AS n FROM People",
  "SELECT SUBSTR(Name, -3, 2) AS n FROM People",
  "SELECT POW(Id, 2) AS n FROM People",
  "SELECT NOW(3) AS n",
  "SELECT Id — Amount AS d\nFROM People",
  "SELECT “Name”, Id FROM People",
  // Too short, or other digits: another name rather than a slip.
  "SELECT MIX(Id) AS n FROM People",
  "SELECT COUNTIF(Id) AS n FROM People",
  "SELECT LOG2(Id) AS n FROM People",
  "SELECT DATE_DIFF(Born, Born, 1) AS n FROM People",
  "SELECT Ix FROM People",
  "SELECT Amount1 FROM People",
  'SELECT "Nmae" FROM People',
];

describe("check() offers no edit that changes the meaning", () => {
  it.each(right)("%s", (wrong, meant) => expect(mended(wrong)).toBe(meant));

  it.each(open)("none for %s", (sql) => expect(mended(sql)).toBe("no edit"));

  it("and the sandbox runs what comes of it, but for RAND with a seed", () => {
    const tables = Object.fromEntries(["People", "Orders"].map((name) => [name, fieldsOf({ name, ent: false }) ?? []]));
    const engine = openFilled(tables);
    const failing = right
      .filter(([, meant]) => !meant.includes("RAND(") && rowsOf(engine, meant) === undefined)
      .map(([, meant]) => meant);
    engine.close();
    expect(failing).toEqual([]);
  });

  it("says of IS NOT TRUE what it means", () => {
    const [first] = diagnosticsOf("SELECT Id FROM People WHERE Active IS NOT TRUE");
    expect(first?.fix).toBe("Write (… = 0 OR … IS NULL)");
  });
});

describe("the edits of one check", () => {
  it.each([
    ["SELECT Id FROM People LIMIT 5;", "SELECT TOP 5 Id FROM People "],
    [";SELECT Nmae FROM People WHERE Id == 1 LIMIT 5 ;", "SELECT TOP 5 Name FROM People WHERE Id = 1  "],
    ["SELECT Name FROM Poeple p WITH (NOLOCK) WHERE p.Active == 1;", "SELECT Name FROM People p  WHERE p.Active = 1"],
    ["SELECT x.Name, x.Id FROM People p OPTION (MAXDOP 1);", "SELECT p.Name, p.Id FROM People p "],
    [
      "SELECT NVL(Nmae, '') AS a, NVL(Emial, '') AS b FROM People",
      "SELECT COALESCE(Name, '') AS a, COALESCE(Email, '') AS b FROM People",
    ],
  ])("can all be made together: %s", (wrong, meant) => {
    expect(mendedAtOnce(wrong)).toBe(meant);
  });
});
