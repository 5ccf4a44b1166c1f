import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openEngine, type Engine } from "../../sandbox/engine/engine.ts";
import type { CheckTarget } from "../../sandbox/engine/scope.ts";
import { field, scope, table } from "./support/engine.ts";
import { quickestMs } from "../support/processor-time.ts";
import { short } from "../support/titles.ts";

let engine: Engine;
beforeEach(() => {
  engine = openEngine();
  table(engine, "Customers", { Email: "EmailAddress(254)! key", Name: "Text(50)", Age: "Number" });
  table(engine, "My DE", { "First Name": "Text(30)", Order: "Number" });
  engine.createTable(7, "Shared", [field("Id", "Number")]);
});
afterEach(() => engine.close());

const prefix = "An error occurred while checking the query syntax. Errors: ";
const orderBy =
  "The ORDER BY clause is invalid in views, inline functions, derived tables, subqueries, and common table expressions, unless TOP, OFFSET or FOR XML is also specified.";

/** What saving the query answers: "fine" or the checker's words. */
function checked(sql: string, target?: CheckTarget): string {
  const answer = engine.check(sql, { ...scope, eid: 7 }, target);
  return answer.kind === "fine" ? "fine" : answer.message;
}

describe("the text must be one SELECT that fits in brackets (MCE 8.1, 8.2)", () => {
  const fine: string[] = [
    "SELECT Email FROM Customers",
    "  -- a comment\n/* and /* another */ one */ SELECT Email FROM Customers -- end",
    "SELECT GETDATE() AS Now",
    "SELECT Email FROM Customers WITH (NOLOCK)",
    "SELECT [First Name], [Order] FROM [My DE]",
    "SELECT Id FROM Ent.Shared",
    "SELECT Id FROM ENT.[shared]",
    "SELECT * FROM Customers",
    "SELECT Email FROM Customers UNION SELECT Name FROM Customers",
    "(SELECT Email FROM Customers)",
    // Words of other dialects, and some that T-SQL reserves nowhere.
    "SELECT Email AS Offset, Age AS Date, 1 AS Value, 2 AS Row, 3 AS Level, 4 AS Status FROM Customers",
    "SELECT limit.Email member FROM Customers limit WHERE limit.Age > 1",
    "SELECT Email FROM Customers window",
    "SELECT s.Email FROM (SELECT Email FROM Customers) sample JOIN Customers s ON s.Email = sample.Email",
    "SELECT Email, CASE WHEN Age IS NULL THEN 'a' ELSE COALESCE(NULLIF(LEFT(Email, 1), ''), 'x') END AS x FROM Customers",
    "SELECT TRY_CONVERT(int, Email) AS x, CONVERT(varchar(5), Age) AS y, CURRENT_TIMESTAMP AS z FROM Customers",
    "SELECT TOP 10 Email FROM Customers ORDER BY Age",
    "SELECT TOP 10 PERCENT Email FROM Customers ORDER BY Age",
    "SELECT TOP 10 Age AS a FROM Customers ORDER BY a",
    "SELECT Email FROM Customers ORDER BY Age OFFSET 0 ROWS FETCH NEXT 5 ROWS ONLY",
    "SELECT Email, ROW_NUMBER() OVER (ORDER BY Age) AS n FROM Customers",
    "SELECT ';' AS x, 'INTO' AS y, [Order] FROM [My DE]",
    "SELECT x.Email FROM (SELECT TOP 5 Email FROM Customers ORDER BY Age) x",
  ];
  it.each(fine.map((sql) => [short(sql), sql] as const))("accepts %s", (_, sql) => {
    expect(checked(sql)).toBe("fine");
  });

  const selectFirst = "Only SELECT queries are valid. Select must be the first word of the query.";
  const refused: [sql: string, message: string][] = [
    ["SELECT Email FROM Customers;", "';' is a reserved word and may not be used"],
    ["SELECT Email FROM Customers; SELECT 1 AS x", "';' is a reserved word and may not be used"],
    ["SELECT Email INTO Other FROM Customers", "'into' is a reserved word and may not be used"],
    ["DECLARE @x int", "'declare' is a reserved word and may not be used"],
    ["INSERT INTO Customers SELECT 'a'", "'into' is a reserved word and may not be used"],
    ["UPDATE Customers SET Age = 1", "Only SELECT queries are valid."],
    ["DELETE FROM Customers", "Only SELECT queries are valid."],
    ["TRUNCATE TABLE Customers", "Only SELECT queries are valid."],
    ["EXEC sp_who", "Only SELECT queries are valid."],
    ["", "Only SELECT queries are valid."],
    ["-- nothing but a comment", "Only SELECT queries are valid."],
    ["WITH c AS (SELECT 1 AS x) SELECT x FROM c", selectFirst],
    ["\uFEFFSELECT Email FROM Customers", selectFirst],
    ["SELECT Email FROM Customers ORDER BY Email", prefix + orderBy],
    ["SELECT x.Email FROM (SELECT Email FROM Customers ORDER BY Email) x", prefix + orderBy],
    ["SELECT Email FROM Customers WHERE Email IN (SELECT Email FROM Customers ORDER BY Email)", prefix + orderBy],
    ["SELECT Email FROM Customers UNION SELECT Name FROM Customers ORDER BY Email", prefix + orderBy],
    ["SELECT COUNT(*) FROM Customers", `${prefix}No column name was specified for column 1 of 'querydef'.`],
    ["SELECT Email, Age + 1 FROM Customers", `${prefix}No column name was specified for column 2 of 'querydef'.`],
    [
      "SELECT Email, Name AS EMAIL FROM Customers",
      `${prefix}The column 'EMAIL' was specified multiple times for 'querydef'.`,
    ],
    ["SELECT *, Email FROM Customers", `${prefix}The column 'Email' was specified multiple times for 'querydef'.`],
    [
      "SELECT Email FROM C123.Customers",
      `${prefix}The C123.Customers table has a multi-part specification. This is not allowed.`,
    ],
    [
      "SELECT Email FROM 123456.Customers",
      `${prefix}The 123456.Customers table has a multi-part specification. This is not allowed.`,
    ],
    [
      "SELECT Email FROM dbo.Customers",
      `${prefix}The dbo.Customers table has a multi-part specification. This is not allowed.`,
    ],
    ["SELECT Email FROM Nowhere", `${prefix}Invalid object name 'Nowhere'.`],
    ["SELECT Id FROM Shared", `${prefix}Invalid object name 'Shared'.`],
    ["SELECT Email FROM Ent.Customers", `${prefix}Invalid object name 'Ent.Customers'.`],
    ["SELECT Mail FROM Customers", `${prefix}Invalid column name 'Mail'.`],
    ["SELECT Age AS a FROM Customers WHERE a > 1", `${prefix}Invalid column name 'a'.`],
    ["SELECT Age AS a, COUNT(*) AS n FROM Customers GROUP BY a", `${prefix}Invalid column name 'a'.`],
    ["SELECT @x AS x", `${prefix}Must declare the scalar variable "@x".`],
    ["SELECT Email FROM #temp", `${prefix}Invalid object name '#temp'.`],
    ["SELECT Email FROM Customers LIMIT 5", `${prefix}Incorrect syntax near 'LIMIT'.`],
    [
      "SELECT dbo.f(Age) AS x FROM Customers",
      `${prefix}Cannot find either column "dbo" or the user-defined function or aggregate "dbo.f", or the name is ambiguous.`,
    ],
    ["SELECT NOTHING(Age) AS x FROM Customers", `${prefix}'NOTHING' is not a recognized built-in function name.`],
    ["SELECT Email FROM Customers OPTION (RECOMPILE)", `${prefix}Incorrect syntax near the keyword 'OPTION'.`],
    ["SELECT Email FROM Customers /* open", `${prefix}Missing end comment mark '*/'.`],
    ["SELECT FROM WHERE", `${prefix}Incorrect syntax near the keyword 'FROM'.`],
    [
      "SELECT Email FROM Customers c NATURAL JOIN Customers d",
      `${prefix}Incorrect syntax: a JOIN needs an ON condition.`,
    ],
    ["SELECT CEIL(Age) AS x FROM Customers", `${prefix}'CEIL' is not a recognized built-in function name.`],
    ["SELECT SUBSTRING(Email FROM 1 FOR 2) AS x FROM Customers", `${prefix}Incorrect syntax near the keyword 'FROM'.`],
    [
      "SELECT Email FROM Customers FETCH FIRST 5 ROWS ONLY",
      `${prefix}Invalid usage of the option FIRST in the FETCH statement.`,
    ],
    ["SELECT TOP 1 Email FROM Customers ORDER BY Email NULLS FIRST", `${prefix}Incorrect syntax near 'NULLS'.`],
    ["SELECT Age && 1 AS x FROM Customers", `${prefix}Incorrect syntax near '&'.`],
    ["SELECT a.Order FROM Customers a", `${prefix}Incorrect syntax near the keyword 'Order'.`],
    ["SELECT Email AS Table, Age AS Order FROM Customers", `${prefix}Incorrect syntax near the keyword 'Table'.`],
    ["SELECT (1 AS x", `${prefix}Incorrect syntax near the keyword 'AS'.`],
    ["SELECT 'a", `${prefix}Unclosed quotation mark after the character string 'a'.`],
  ];
  it.each(refused)("refuses %s", (sql, message) => {
    expect(checked(sql)).toBe(message);
  });

  const nested =
    "Some part of your SQL statement is nested too deeply. Rewrite the query or break it up into smaller queries.";
  const repeated = (count: number, head: string, open: string, core: string, close: string, tail: string): string =>
    head + open.repeat(count) + core + close.repeat(count) + tail;
  const tooDeep: [kind: string, sql: string][] = [
    ["calls", repeated(30, "SELECT ", "LTRIM(", "Name", ")", " AS x FROM Customers")],
    ["calls in a condition", repeated(30, "SELECT Age FROM Customers WHERE ", "LTRIM(", "Name", ")", " = 'a'")],
    ["CASE", repeated(30, "SELECT ", "CASE WHEN Age = 1 THEN ", "1", " END", " AS x FROM Customers")],
    ["parentheses", repeated(1000, "SELECT ", "(", "Age", ")", " AS x FROM Customers")],
    ["derived tables", repeated(60, "SELECT Age FROM ", "(SELECT Age FROM ", "Customers", ") x", "")],
    ["NOT", repeated(60, "SELECT Age FROM Customers WHERE ", "NOT (", "1 = 1", ")", "")],
    ["AND", repeated(5000, "SELECT Age FROM Customers WHERE ", "Age = 1 AND ", "1 = 1", "", "")],
    ["COLLATE", repeated(2000, "SELECT Name", "", "", " COLLATE Latin1_General_CI_AS", " AS x FROM Customers")],
    ["UNION", repeated(1000, "", "SELECT Age FROM Customers UNION ", "SELECT Age FROM Customers", "", "")],
  ];
  it.each(tooDeep)("refuses %s without end at once, in SQL Server's words", (_kind, sql) => {
    const check = () => expect(checked(sql)).toBe(prefix + nested);
    expect(quickestMs(check, 2000, 1)).toBeLessThan(2000);
  });

  it("refuses more than 256 tables in one FROM", () => {
    const joins = (count: number): string =>
      Array.from({ length: count }, (_, index) => `JOIN Customers c${index} ON 1 = 1`).join(" ");
    expect(checked(`SELECT c.Age FROM Customers c ${joins(255)}`)).toBe("fine");
    expect(checked(`SELECT c.Age FROM Customers c ${joins(3000)}`)).toBe(
      `${prefix}Too many table names in the query. The maximum allowable is 256.`,
    );
  });

  it("takes WITH when the switch is on", () => {
    engine.close();
    engine = openEngine({ cte: true });
    expect(checked("WITH c AS (SELECT 1 AS x) SELECT x FROM c")).toBe("fine");
  });

  it("takes anything SQL Server takes when the rules are off", () => {
    engine.close();
    engine = openEngine({ rules: "off", cte: true });
    table(engine, "T", { A: "Number" });
    for (const sql of [
      "SELECT A FROM T;",
      "SELECT A FROM T ORDER BY A",
      "SELECT A + 1, A, A FROM T",
      "SELECT A FROM dbo.T",
    ])
      expect(checked(sql)).toBe("fine");
  });
});

describe("the columns must be fields of the target (MCE 5.1, 5.2, 8.1)", () => {
  const target = (updateType: CheckTarget["updateType"], fields: Record<string, string>): CheckTarget => ({
    name: "Target",
    updateType,
    fields: Object.entries(fields).map(([name, described]) => field(name, described)),
  });
  const keyed = { Email: "EmailAddress(254)! key", Name: "Text(50)", Age: "Number" };

  const ownTarget = "Update Type must be 'Update' or the target data extension cannot appear in the query.";
  const cases: [sql: string, target: CheckTarget, answer: string][] = [
    ["SELECT EMAIL, age FROM Customers", target("Append", keyed), "fine"],
    ["SELECT Email, Age AS Years FROM Customers", target("Append", keyed), `${prefix}Invalid column name 'Years'.`],
    ["SELECT Name FROM Customers", target("Append", keyed), "Field 'Email' is required for the Target Data Extension"],
    [
      "SELECT Email FROM Customers",
      target("Append", { ...keyed, City: "Text(10)!" }),
      "Field 'City' is required for the Target Data Extension",
    ],
    ["SELECT Email, Name FROM Customers", target("Update", keyed), "fine"],
    [
      "SELECT Name FROM Customers",
      target("Update", { Name: "Text(50)" }),
      "The Update action requires a primary key on the Target Data Extension",
    ],
    [
      "SELECT Email FROM Customers",
      target("Update", { Email: "EmailAddress(254)! key" }),
      "The Update action requires a field that is no primary key on the Target Data Extension",
    ],
    [
      "SELECT Email FROM Customers c WHERE EXISTS (SELECT 1 FROM (SELECT Age FROM Customers) x)",
      { ...target("Overwrite", keyed), name: "customers" },
      ownTarget,
    ],
    ["SELECT Email FROM Customers", { ...target("Append", keyed), name: "Customers" }, ownTarget],
    ["SELECT Email, Name FROM Customers", { ...target("Update", keyed), name: "Customers" }, "fine"],
    ["SELECT Email FROM Customers", { ...target("Append", keyed), name: "Customers", mayBeRead: true }, "fine"],
  ];
  it.each(cases)("%s", (sql, wanted, answer) => {
    expect(checked(sql, wanted)).toBe(answer);
  });
});
