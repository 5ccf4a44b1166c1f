import { describe, expect, it } from "vitest";
import { diagnosticsOf, mended, mendedAtOnce } from "./support/mended.ts";

describe("check() mends a word that is wrong wherever it stands", () => {
  it.each([
    [
      "SELECT Nmae, UPPER(Nmae) AS u FROM People WHERE Nmae = 'x' GROUP BY Nmae",
      "SELECT Name, UPPER(Name) AS u FROM People WHERE Name = 'x' GROUP BY Name",
    ],
    [
      "SELECT p.Nmae FROM People p JOIN Orders o ON o.Email = p.Nmae",
      "SELECT p.Name FROM People p JOIN Orders o ON o.Email = p.Name",
    ],
    ["SELECT Nmae FROM People ORDER BY Nmae", "SELECT Name FROM People ORDER BY Name"],
    [
      "SELECT Nmae FROM People UNION SELECT Code FROM Orders ORDER BY Nmae",
      "SELECT Name FROM People UNION SELECT Code FROM Orders ORDER BY Name",
    ],
    [
      "SELECT x.Nmae FROM (SELECT Nmae FROM People) x WHERE x.Nmae = 'a'",
      "SELECT x.Name FROM (SELECT Name FROM People) x WHERE x.Name = 'a'",
    ],
    [
      "WITH c AS (SELECT Nmae FROM People) SELECT Nmae FROM c WHERE Nmae > 'a'",
      "WITH c AS (SELECT Name FROM People) SELECT Name FROM c WHERE Name > 'a'",
    ],
    [
      "SELECT Total FROM (SELECT Toatl, PersonId FROM Orders) x",
      "SELECT Total FROM (SELECT Total, PersonId FROM Orders) x",
    ],
    // An alias of its own stays.
    ["SELECT Nmae AS Nmae FROM People ORDER BY Nmae", "SELECT Name AS Nmae FROM People ORDER BY Nmae"],
    // What another table has is right there.
    [
      "SELECT p.Codee FROM People p JOIN Orders o ON o.Id = p.Id AND o.Code = p.Codee",
      "SELECT p.Codee FROM People p JOIN Orders o ON o.Id = p.Id AND o.Code = p.Codee",
    ],
    ["SELECT Poeple.Name FROM Poeple WHERE Poeple.Id = 1", "SELECT People.Name FROM People WHERE People.Id = 1"],
    [
      "SELECT Name FROM Poeple WHERE Id IN (SELECT Id FROM Poeple)",
      "SELECT Name FROM People WHERE Id IN (SELECT Id FROM People)",
    ],
    ["SELECT LENN(Name) AS a, lenn(Email) AS b FROM People", "SELECT LEN(Name) AS a, LEN(Email) AS b FROM People"],
    ["SELECT Id FROM People WHERE Id == 1 OR Id == 2", "SELECT Id FROM People WHERE Id = 1 OR Id = 2"],
    ["SELECT Id FROM People WHERE Name = ‘a’ OR Name = ‘b’，", "SELECT Id FROM People WHERE Name = 'a' OR Name = 'b',"],
    [
      "SELECT First Name AS a, UPPER(First Name) AS b FROM [My DE]",
      "SELECT [First Name] AS a, UPPER([First Name]) AS b FROM [My DE]",
    ],
    ["SELECT x.Name, x.Id FROM People p", "SELECT p.Name, p.Id FROM People p"],
  ])("%s", (wrong, right) => {
    // By the first edit, and by all edits at once.
    const first = mended(wrong);
    expect([first === "no edit" ? wrong : first, mendedAtOnce(wrong)]).toEqual([right, right]);
  });
});

describe("check() speaks of ORDER BY as it does of any place", () => {
  it.each([
    ["SELECT Name FROM People ORDER BY Foo", "People has no column Foo"],
    [
      "SELECT p.Name FROM People p JOIN Orders o ON o.Id = p.Id ORDER BY Foo",
      "No table of this query has a column Foo",
    ],
    ["SELECT Name FROM People UNION SELECT Code FROM Orders ORDER BY Foo", "The result has no column Foo"],
    ["SELECT DISTINCT Name FROM People ORDER BY Foo", "The result has no column Foo"],
    ["SELECT Foo FROM (SELECT Name FROM People)", "The SELECT in FROM has no column Foo"],
  ])("%s", (sql, message) => {
    expect(diagnosticsOf(sql).map((one) => one.message)).toContain(message);
  });

  it.each([
    ["SELECT Name AS x FROM People ORDER BY Emial", "SELECT Name AS x FROM People ORDER BY Email"],
    [
      "SELECT TOP 5 o.Code FROM People p JOIN Orders o ON o.PersonId = p.Id ORDER BY p.Code",
      "SELECT TOP 5 o.Code FROM People p JOIN Orders o ON o.PersonId = p.Id ORDER BY o.Code",
    ],
    ["SELECT TOP 5 Name FROM People ORDER BY p.Id", "SELECT TOP 5 Name FROM People AS p ORDER BY p.Id"],
    [
      "SELECT p.Name FROM People p UNION SELECT Code FROM Orders ORDER BY p.Name",
      "SELECT p.Name FROM People p UNION SELECT Code FROM Orders ORDER BY Name",
    ],
    ["SELECT DISTINCT Name FROM People ORDER BY Emial", "no edit"],
    [
      "SELECT Id FROM People WHERE Id IN (SELECT TOP 1 PersonId FROM Orders ORDER BY Toatl)",
      "SELECT Id FROM People WHERE Id IN (SELECT TOP 1 PersonId FROM Orders ORDER BY Total)",
    ],
  ])("%s", (wrong, right) => expect(mended(wrong)).toBe(right));

  it("never writes brackets around nothing", () => {
    const texts = [
      "SELECT Code FROM (SELECT Id FROM People) JOIN Orders o ON o.Code = o.Code WHERE o.Nmae = 1",
      "SELECT Name, Name AS Code FROM People ORDER BY People.Code",
      "SELECT Name FROM (SELECT Name FROM People UNION SELECT Code FROM Orders) x ORDER BY x.Nmae",
    ];
    texts.push("SELECT Id FROM (SELECT Id FROM People), (SELECT Id FROM Orders)");
    expect(JSON.stringify(texts.map(diagnosticsOf))).not.toMatch(/\[\]\.|" (?:has|is)|of "|Write \./);
  });
});
