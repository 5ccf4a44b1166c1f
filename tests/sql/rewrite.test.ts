import { describe, expect, it } from "vitest";
import { infer, rewritten } from "./support/tables.ts";

const rewrites: [sql: string, runs: string][] = [
  ["SELECT * FROM [My DE]", "SELECT [Order], [First Name] FROM [My DE]"],
  ["SELECT * FROM Ent.Shared", "SELECT [Key] FROM Ent.Shared"],
  [
    "SELECT TOP 3 d.* FROM [My DE] d ORDER BY d.[Order]",
    "SELECT TOP 3 [d].[Order], [d].[First Name] FROM [My DE] d ORDER BY d.[Order]",
  ],
  [
    "SELECT s.*, d.* FROM Ent.Shared s, [My DE] d",
    "SELECT [s].[Key], [d].[Order], [d].[First Name] FROM Ent.Shared s, [My DE] d",
  ],
  [
    "SELECT * FROM Ent.Shared s CROSS JOIN [My DE]",
    "SELECT [s].[Key], [My DE].[Order], [My DE].[First Name] FROM Ent.Shared s CROSS JOIN [My DE]",
  ],
  [
    "SELECT * FROM (SELECT Id, Name, Amount FROM People) s PIVOT (MAX(Amount) FOR Name IN ([k], [l])) p",
    "SELECT [Id], [k], [l] FROM (SELECT Id, Name, Amount FROM People) s PIVOT (MAX(Amount) FOR Name IN ([k], [l])) p",
  ],
  ["SELECT x.* FROM (SELECT * FROM Ent.Shared) x", "SELECT [x].[Key] FROM (SELECT [Key] FROM Ent.Shared) x"],
  [
    "SELECT * FROM Ent.Shared UNION ALL SELECT s.* FROM Ent.Shared s",
    "SELECT [Key] FROM Ent.Shared UNION ALL SELECT [s].[Key] FROM Ent.Shared s",
  ],
  [
    "SELECT * FROM Ent.Shared a JOIN Ent.Shared b ON a.[Key] = b.[Key]",
    "SELECT [a].[Key], [b].[Key] AS [Key_2] FROM Ent.Shared a JOIN Ent.Shared b ON a.[Key] = b.[Key]",
  ],
  [
    "SELECT c.Email, o.Email FROM People c JOIN Orders o ON 1 = 1",
    "SELECT c.Email, o.Email AS [Email_2] FROM People c JOIN Orders o ON 1 = 1",
  ],
  ["SELECT Id a, Name AS A, [a] = Email FROM People", "SELECT Id a, Name AS [A_2], [a_3] = Email FROM People"],
  ["SELECT Id 'x', Id AS 'x', 'x' = Id FROM People", "SELECT Id 'x', Id AS [x_2], [x_3] = Id FROM People"],
  ["SELECT Id AS ' ', Name AS [] FROM People", "SELECT Id AS [Column1], Name AS [Column2] FROM People"],
  ["SELECT Id AS [a], Name AS [a ] FROM People", "SELECT Id AS [a], Name AS [a _2] FROM People"],
  ["SELECT DISTINCT(Id), ((Name)) FROM People", "SELECT DISTINCT(Id), ((Name)) FROM People"],
  ["SELECT Id, Id, Name AS Id_2 FROM People", "SELECT Id, Id AS [Id_3], Name AS Id_2 FROM People"],
  [
    "SELECT Name, STRING_AGG(Email, ',') WITHIN GROUP (ORDER BY Email) FROM People GROUP BY Name",
    "SELECT Name, STRING_AGG(Email, ',') WITHIN GROUP (ORDER BY Email) AS [STRING_AGG] FROM People GROUP BY Name",
  ],
  [
    "SELECT Id, PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY Amount) OVER (PARTITION BY Id) AS id FROM People",
    "SELECT Id, PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY Amount) OVER (PARTITION BY Id) AS [id_2] FROM People",
  ],
  ["SELECT COUNT(*), Id + 1 FROM People", "SELECT COUNT(*) AS [COUNT], Id + 1 AS [Column2] FROM People"],
  ["SELECT /* all */ * -- of it\nFROM Ent.Shared", "SELECT /* all */ [Key] -- of it\nFROM Ent.Shared"],
  ["SELECT COUNT(*) -- rows\n FROM People", "SELECT COUNT(*) AS [COUNT] -- rows\n FROM People"],
  [
    "SELECT x.n FROM (SELECT COUNT(*) n, MAX(Id) FROM People) x",
    "SELECT x.n FROM (SELECT COUNT(*) n, MAX(Id) AS [MAX] FROM People) x",
  ],
  [
    "SELECT Id FROM People WHERE EXISTS (SELECT * FROM Orders)",
    "SELECT Id FROM People WHERE EXISTS (SELECT * FROM Orders)",
  ],
  ["SELECT (SELECT MAX(Id) FROM People) AS m", "SELECT (SELECT MAX(Id) FROM People) AS m"],
  ["SELECT 'a,b' AS x, '(' AS y, COUNT(*) FROM People", "SELECT 'a,b' AS x, '(' AS y, COUNT(*) AS [COUNT] FROM People"],
];

describe("inferColumns() sql", () => {
  it.each(rewrites)("%s", (sql, runs) => expect(rewritten(sql)).toBe(runs));

  it.each(rewrites)("inferred twice: %s", (sql) => {
    const once = infer(sql);
    if (once.kind !== "inferred") throw new Error(`Cannot infer ${sql}`);
    expect(infer(once.sql)).toEqual({ kind: "inferred", columns: once.columns, sql: once.sql, notes: [] });
  });

  it("names the columns of a text that is not understood", () => {
    const sql = "SELECT a, STRING_AGG(b, ',') WITHIN GROUP (ORDER BY b), c AS A FROM (t CROSS JOIN u, v)";
    const runs =
      "SELECT a, STRING_AGG(b, ',') WITHIN GROUP (ORDER BY b) AS [STRING_AGG], c AS [A_2] FROM (t CROSS JOIN u, v)";
    expect(rewritten(sql)).toBe(runs);
  });

  it.each(["SELECT a AS , b FROM t", "SELECT a, , b FROM t", "SELECT a, FROM t"])(
    "repairs nothing that is missing: %s",
    (sql) => {
      expect(rewritten(sql)).toBe(sql);
    },
  );

  it("tells the user which names it changed", () => {
    const answer = infer("SELECT c.Email, o.Email, COUNT(*) FROM People c, Orders o");
    expect(answer.kind === "inferred" ? answer.notes : answer).toEqual([
      "Column 2 repeats the name Email; it is called Email_2",
      "Column 3 has no name; it is called COUNT",
    ]);
  });

  it("tells the user what a field of MCE may be too short for, and what it does not know", () => {
    const answer = infer("SELECT CONCAT(Notes, Name) AS long, Nowhere FROM People");
    expect(answer.kind === "inferred" ? answer.notes : answer).toEqual([
      "long may need 4050 characters; a field holds 4000",
      "The type of Nowhere is not known here; kept as Text(4000)",
    ]);
  });

  it("refuses a star over a table nobody knows, where it stands", () => {
    expect(infer("SELECT Id,\n  n.* FROM People, Nowhere n")).toEqual({
      kind: "refused",
      diagnostics: [
        {
          code: "STAR_UNKNOWN",
          severity: "error",
          message: "Cannot write out *: the fields of Nowhere are not known",
          fix: "Name the columns",
          line: 2,
          column: 3,
          endLine: 2,
          endColumn: 6,
        },
      ],
    });
  });
});
