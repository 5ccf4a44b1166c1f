import { describe, expect, it } from "vitest";
import { check } from "#sql/check.ts";
import { fieldsOf } from "./support/tables.ts";

function codesOf(sql: string): string[] {
  return check(sql, fieldsOf, { tableNames: ["People", "Orders"] }).diagnostics.map(({ code }) => code);
}

/** Legal texts of which rules once said something wrong. */
const legal: string[] = [
  // FOR XML and FOR JSON make one value of all columns.
  "SELECT p.Id, (SELECT ', ', o.Code FROM Orders o WHERE o.PersonId = p.Id FOR XML PATH('')) AS L FROM People p",
  "SELECT p.Id, (SELECT o.Code AS td, o.Total AS td2 FROM Orders o FOR XML PATH('tr')) AS L FROM People p",
  "SELECT p.Id, (SELECT o.Code, o.Total FROM Orders o FOR JSON PATH) AS L FROM People p",
  // Methods of XML values.
  "SELECT t.c.value('.', 'varchar(50)') AS Tag FROM (SELECT CAST('<i>' + Name + '</i>' AS XML) AS x FROM People) d CROSS APPLY d.x.nodes('/i') t(c)",
  // An ON sees the tables up to its join.
  "SELECT p.Name FROM People p JOIN _Job j ON AccountID = p.Id LEFT JOIN _Sent s ON s.JobID = j.JobID",
  // Columns that not every source lists.
  "SELECT u.SubscriberKey FROM _Unsubscribe u JOIN _Job j ON j.JobID = u.JobID WHERE TriggeredSendCustomerKey = 'x'",
  "SELECT c.SubscriberKey FROM _Complaint c JOIN _Job j ON j.JobID = c.JobID WHERE TriggererSendDefinitionObjectID = 'x'",
  // One date part has several words, and some have functions of their own.
  "SELECT DATEPART(year, Born) AS Y, COUNT(*) AS N FROM People GROUP BY DATEPART(yy, Born)",
  "SELECT MONTH(Born) AS M, COUNT(*) AS N FROM People GROUP BY DATEPART(mm, Born)",
  "SELECT DATENAME(dd, Born) AS D, COUNT(*) AS N FROM People GROUP BY DATENAME(day, Born)",
  "SELECT DATEADD(q, 1, Born) AS Q, COUNT(*) AS N FROM People GROUP BY DATEADD(quarter, 1, Born)",
  // An aggregate of the query around.
  "SELECT p.Id FROM People p GROUP BY p.Id HAVING EXISTS (SELECT 1 FROM Orders o WHERE o.Total > MAX(p.Amount))",
  // Names that only look like calls, and values without parentheses.
  "SELECT x FROM (VALUES (1)) AS Random(x)",
  "SELECT x FROM (VALUES (1)) Random(x)",
  "SELECT CURRENT_USER AS a, SESSION_USER AS b, SYSTEM_USER AS c, USER AS d",
  "SELECT localtime = Id FROM People",
];

describe("check() says nothing of what is right", () => {
  it.each(legal.map((sql) => [sql.slice(0, 80), sql]))("%s", (_, sql) => expect(codesOf(sql)).toEqual([]));

  it("takes a type's name for no column of a table nobody knows", () => {
    const sql = "SELECT CAST(SUM(Price) AS MONEY) AS T, CAST(MAX(D) AS DATETIME2) AS L FROM [Unknown DE]";
    expect(codesOf(sql)).toEqual(["UNKNOWN_TABLE"]);
  });

  it("leaves open what a function nobody knows does with its columns: it may be a misspelt aggregate", () => {
    expect(codesOf("SELECT Email, COUNNT(Id) AS n FROM People GROUP BY Email")).not.toContain("NOT_GROUPED");
    expect(codesOf("SELECT Name, COUNT(Id) AS n FROM People GROUP BY Nmae")).toEqual(["UNKNOWN_COLUMN"]);
  });

  it("still tells a day of the year from a day of the month, and an inner aggregate from an outer one", () => {
    expect(codesOf("SELECT DATEPART(dy, Born) AS D, COUNT(*) AS N FROM People GROUP BY DATEPART(d, Born)")).toEqual([
      "NOT_GROUPED",
    ]);
    expect(
      codesOf("SELECT p.Id FROM People p WHERE EXISTS (SELECT 1 FROM Orders o WHERE MAX(o.Total) > p.Amount)"),
    ).toEqual(["AGGREGATE_IN_WHERE"]);
  });
});

const named: [sql: string, code: string, said: string][] = [
  ["SELECT Id FROM People\nGO", "BATCH_SEPARATOR", "GO is no SQL"],
  ["SELECT Id FROM People WHERE Id = 1\nGO", "BATCH_SEPARATOR", "GO is no SQL"],
  ["SELECT Id FROM People FOR BROWSE", "FOR_BROWSE", "FOR BROWSE cannot run"],
  ["SELECT Id FROM OPENXML(1, 'x')", "NOT_A_SELECT", "OPENXML cannot run here"],
  ["SELECT Id FROM People COMPUTE SUM(Id)", "NOT_A_SELECT", "COMPUTE cannot run here"],
  ["SELECT Id FROM People LINENO 5", "NOT_A_SELECT", "LINENO cannot run here"],
  ["SELECT Id FROM People WRITETEXT x", "NOT_A_SELECT", "WRITETEXT cannot run here"],
  ["SELECT Id FROM [#tmp]", "UNKNOWN_TABLE", "temporary tables do not exist"],
  ["SELECT Id AS #x FROM People", "UNBRACKETED_NAME", "#x is no name"],
  ["sp_who", "NOT_A_SELECT", "SP_WHO cannot run here"],
  ["ſELECT Id FROM People", "LOOK_ALIKE_LETTER", "not the word SELECT"],
  ["SELECT mın(Id) AS m FROM People", "LOOK_ALIKE_LETTER", "not the word MIN"],
];

describe("check() calls things what they are", () => {
  it.each(named)("%s: %s", (sql, code, said) => {
    const found = check(sql, fieldsOf, { tableNames: ["People"] }).diagnostics.find((one) => one.code === code);
    expect(found?.message).toContain(said);
  });

  it("folds the case of ASCII letters only: a Turkish ı makes no MIN", () => {
    const { columns, diagnostics } = check("SELECT mın(Id) AS m FROM People", fieldsOf);
    expect(columns).toEqual([{ name: "m", fieldType: "Text", maxLength: 4000, assumed: true }]);
    expect(diagnostics.map(({ code }) => code)).toContain("UNKNOWN_FUNCTION");
  });

  it("takes a GO that is a name for one", () => {
    expect(codesOf("SELECT GO.Id FROM People GO")).toEqual([]);
    expect(codesOf("SELECT Id FROM People AS GO")).toEqual([]);
  });
});
