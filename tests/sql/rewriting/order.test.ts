import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askedText } from "#sql/asked-text.ts";
import { withVerdict } from "#sql/mce-verdict.ts";
import { readText } from "#sql/query.ts";
import { checked, openEngines, rowsOf, scope, type Engines } from "./support/engines.ts";
import { smallTables } from "./support/tables.ts";

let engines: Engines;
beforeAll(() => {
  engines = openEngines(smallTables);
});
afterAll(() => engines.close());

/** A check with the verdict of Marketing Cloud's checker on what it is asked: its errors as `CODE text`, and their places. */
function judged(sql: string): { ok: boolean; told: string[] } {
  const asked = askedText(readText(sql));
  const said = engines.mce.check(asked.sql, scope);
  const errors = said.kind === "refused" ? [{ text: said.message, shown: said.message }] : [];
  const verdict = { isValid: errors.length === 0, errors, warnings: [] };
  const { ok, diagnostics } = withVerdict(checked(sql, engines), asked, verdict);
  const lines = sql.split("\n");
  const told = diagnostics.map(({ severity, code, line, column, endLine, endColumn }) => {
    const text = (lines[line - 1] ?? "").slice(column - 1, endLine === line ? endColumn - 1 : undefined);
    return `${severity} ${code} ${line}:${column} ${text}`;
  });
  return { ok, told };
}

/** Orders that SQL Server refuses, and what is said of each: once, and where it is wrong. */
const wrong: [sql: string, told: string[]][] = [
  ["SELECT Name, COUNT(*) AS n FROM Members GROUP BY Name ORDER BY Points", ["error NOT_GROUPED 1:64 Points"]],
  [
    "SELECT Name, MAX(Points) AS m FROM Members GROUP BY Name\nORDER BY Members.Points DESC",
    ["error NOT_GROUPED 2:10 Members.Points"],
  ],
  ["SELECT Points AS p FROM Members ORDER BY p + 1", ["error UNKNOWN_COLUMN 1:42 p"]],
  ["SELECT Points AS p FROM Members ORDER BY CASE WHEN p > 1 THEN 0 ELSE 1 END", ["error UNKNOWN_COLUMN 1:52 p"]],
  ["SELECT Name FROM Members ORDER BY COUNT(*)", ["error NOT_GROUPED 1:8 Name"]],
  ["SELECT Name FROM Members ORDER BY Name, LEN()", ["error ARGUMENTS 1:41 LEN"]],
  ["SELECT Name FROM Members ORDER BY DATEADD(xyz, 1, City)", ["error UNKNOWN_DATE_PART 1:43 xyz"]],
  ["SELECT DISTINCT Name FROM Members ORDER BY Name COLLATE Nowhere_CI", ["error UNKNOWN_COLLATION 1:57 Nowhere_CI"]],
  ["SELECT Name FROM Members ORDER BY Nothing", ["error UNKNOWN_COLUMN 1:35 Nothing"]],
  ["SELECT Name FROM Members m ORDER BY q.Name", ["error UNKNOWN_PREFIX 1:37 q.Name"]],
  ["SELECT Name FROM Members ORDER BY 2", ["error ORDER_BY_POSITION 1:35 2"]],
  ["SELECT Name FROM Members ORDER BY NULL", ["error ORDER_BY_CONSTANT 1:35 NULL"]],
  ["SELECT DISTINCT Name FROM Members ORDER BY City", ["error ORDER_BY_NOT_SHOWN 1:44 City"]],
  ["SELECT a.Name, b.Name FROM Members a, Members b ORDER BY Name", ["error AMBIGUOUS_COLUMN 1:58 Name"]],
  [
    "WITH c AS (SELECT Name, City FROM Members) SELECT Name FROM c GROUP BY Name ORDER BY City",
    ["error NOT_GROUPED 1:86 City"],
  ],
];

describe("an ORDER BY without TOP", () => {
  it.each(wrong)("is judged by the checker, too: %s", (sql, told) => {
    expect(typeof rowsOf(engines.server, sql)).toBe("string");
    expect(judged(sql)).toEqual({ ok: false, told });
  });

  it.each([
    ["one SELECT", "SELECT a FROM T ORDER BY a", "SELECT TOP 2147483647 a FROM T ORDER BY a"],
    [
      "DISTINCT, a comment",
      "SELECT DISTINCT -- b\n a FROM T ORDER BY a",
      "SELECT DISTINCT -- b\n TOP 2147483647 a FROM T ORDER BY a",
    ],
    ["no blank", "SELECT*FROM T ORDER BY 1", "SELECT TOP 2147483647 *FROM T ORDER BY 1"],
    [
      "a set operation",
      "SELECT a FROM T UNION SELECT b FROM U ORDER BY a -- c",
      "SELECT a FROM T UNION SELECT b FROM U ORDER BY a OFFSET 0 ROWS -- c",
    ],
    ["parentheses", "(SELECT a FROM T) ORDER BY a", "(SELECT a FROM T) ORDER BY a OFFSET 0 ROWS"],
    [
      "WITH",
      "WITH c AS (SELECT a FROM T) SELECT a FROM c ORDER BY a",
      "SELECT TOP 2147483647 a FROM (SELECT a FROM T) AS [c] ORDER BY a",
    ],
    ["TOP", "SELECT TOP 3 a FROM T ORDER BY a", "SELECT TOP 3 a FROM T ORDER BY a"],
    ["OFFSET", "SELECT a FROM T ORDER BY a OFFSET 2 ROWS", "SELECT a FROM T ORDER BY a OFFSET 2 ROWS"],
    ["FOR XML", "SELECT a FROM T ORDER BY a FOR XML PATH", "SELECT a FROM T ORDER BY a FOR XML PATH"],
  ])("is asked about under a limit that leaves out no row: %s", (_what, sql, asked) => {
    expect(askedText(readText(sql)).sql).toBe(asked);
  });

  it("points at its own clause where Marketing Cloud stumbles over the limit", () => {
    const asked = askedText(readText("SELECT Name FROM Members\nORDER BY Name"));
    const text = "Incorrect syntax near 'TOP'.";
    const { diagnostics } = withVerdict(checked("SELECT Name FROM Members\nORDER BY Name", engines), asked, {
      isValid: false,
      errors: [{ text, shown: text }],
      warnings: [],
    });
    expect(diagnostics).toMatchObject([{ code: "SYNTAX", line: 2, column: 1, endLine: 2, endColumn: 14 }]);
  });

  it("is left out of what is written into a Data Extension and of what can be saved, and kept in the plain text", () => {
    const sql = "SELECT Name FROM Members ORDER BY Points";
    expect(checked(sql, engines)).toMatchObject({
      sql: "SELECT TOP 2147483647 Name FROM Members ORDER BY Points",
      portable: "SELECT Name FROM Members ",
    });
    expect(checked(sql, engines, { isInto: true })).toMatchObject({ sql: "SELECT Name FROM Members " });
  });

  it("follows a column whose field has another name", () => {
    const sql = "SELECT UPPER(Name) AS [a.b] FROM Members ORDER BY [a.b] COLLATE Latin1_General_BIN2 DESC";
    expect(checked(sql, engines).sql).toBe(
      "SELECT TOP 2147483647 UPPER(Name) AS [a_b] FROM Members ORDER BY [a_b] COLLATE Latin1_General_BIN2 DESC",
    );
  });
});
