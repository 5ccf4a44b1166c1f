import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { guard } from "#sql/guard.ts";

const hostile: [code: string, sql: string][] = [
  ["EMPTY_SQL", ""],
  ["EMPTY_SQL", "  \n\t"],
  ["EMPTY_SQL", "-- only a comment"],
  ["EMPTY_SQL", "/* nothing */ ;"],
  ["EMPTY_SELECT", "SELECT"],
  ["EMPTY_SELECT", "(SELECT"],
  ["NOT_A_SELECT", "INSERT INTO t SELECT a FROM b"],
  ["NOT_A_SELECT", "update t set a = 1"],
  ["NOT_A_SELECT", "DELETE FROM t"],
  ["NOT_A_SELECT", "MERGE INTO t USING s ON 1 = 1 WHEN MATCHED THEN DELETE;"],
  ["NOT_A_SELECT", "TRUNCATE TABLE t"],
  ["NOT_A_SELECT", "DROP TABLE t"],
  ["NOT_A_SELECT", "CREATE TABLE t (a int)"],
  ["NOT_A_SELECT", "ALTER TABLE t ADD a int"],
  ["NOT_A_SELECT", "EXEC sp_who"],
  ["NOT_A_SELECT", "EXECUTE('SELECT 1')"],
  ["NOT_A_SELECT", "sp_who"],
  ["NOT_A_SELECT", "DECLARE @a int = 1"],
  ["NOT_A_SELECT", "SET NOCOUNT ON"],
  ["NOT_A_SELECT", "USE master"],
  ["NOT_A_SELECT", "GRANT SELECT ON t TO u"],
  ["NOT_A_SELECT", "IF 1 = 1 SELECT 1 AS a"],
  ["NOT_A_SELECT", "BEGIN SELECT 1 AS a END"],
  ["NOT_A_SELECT", "VALUES (1)"],
  ["NOT_A_SELECT", "42"],
  ["NOT_A_SELECT", "'SELECT 1'"],
  ["CTE", "WITH (x) AS (SELECT 1 AS a) SELECT a FROM x"],
  ["NESTED_WITH", "SELECT a FROM (WITH x AS (SELECT 1 AS a) SELECT a FROM x) y"],
  ["NESTED_WITH", "(WITH x AS (SELECT 1 AS a) SELECT a FROM x)"],
  ["NOT_A_SELECT", "WITH x AS (SELECT 1 AS a) DELETE FROM x"],
  ["TWO_STATEMENTS", "WITH x AS (SELECT 1 AS a) SELECT a FROM x SELECT 1 AS b"],
  ["TWO_STATEMENTS", "SELECT a FROM x WITH y (b) AS (SELECT 1) (SELECT b FROM y)"],
  ["SELECT_INTO", "SELECT a INTO b FROM c"],
  ["SELECT_INTO", "SELECT a FROM (SELECT b INTO c FROM d) x"],
  ["TWO_STATEMENTS", "SELECT 1 AS a; SELECT 2 AS b"],
  ["TWO_STATEMENTS", "SELECT 1 AS a; DROP TABLE t"],
  ["TWO_STATEMENTS", "SELECT 1 AS a;; -- then\n x"],
  ["TWO_STATEMENTS", ";SELECT 1 AS a;SELECT 2 AS b"],
  ["NOT_A_SELECT", ";;DELETE FROM t"],
  ["TWO_STATEMENTS", "SELECT a FROM t SELECT b FROM u"],
  ["TWO_STATEMENTS", "SELECT a FROM [t] SELECT b FROM u"],
  ["TWO_STATEMENTS", "SELECT a FROM t\nGO\nSELECT b FROM u"],
  ["TWO_STATEMENTS", "SELECT a FROM (SELECT b FROM t SELECT c FROM u) x"],
  ["TWO_STATEMENTS", "SELECT 1 AS a -- \r SELECT 2 AS b"],
  ["NOT_A_SELECT", "SELECT a FROM t DELETE FROM t"],
  ["NOT_A_SELECT", "SELECT a FROM t WAITFOR DELAY '00:01'"],
  ["NOT_A_SELECT", "SELECT a FROM t EXEC('x')"],
  ["NOT_A_SELECT", "SELECT a FROM t /* /* */ */ DROP TABLE t"],
  ["UNBALANCED", "SELECT a FROM t) x"],
  ["UNBALANCED", "SELECT (1 AS a"],
  ["VARIABLE", "SELECT a FROM t WHERE b = @b"],
  ["VARIABLE", "SELECT @@VERSION AS v"],
  ["TEMP_TABLE", "SELECT a FROM #t"],
  ["TEMP_TABLE", "SELECT a FROM t JOIN ##u ON 1 = 1"],
  ["REMOTE_DATA", "SELECT a FROM OPENROWSET('SQLNCLI', 'x', 'SELECT 1') AS o"],
  ["REMOTE_DATA", "SELECT a FROM OPENQUERY(s, 'x')"],
  ["UNCLOSED_STRING", "SELECT 'it''s AS a"],
  ["UNCLOSED_BRACKET", "SELECT a FROM [t"],
  ["UNCLOSED_BRACKET", "SELECT a FROM [t]]"],
  ["UNCLOSED_QUOTED", 'SELECT "a FROM t'],
  ["UNCLOSED_COMMENT", "SELECT a FROM t /* /* */"],
  ["UNSENDABLE_CHARACTER", "SELECT 'a\0b' AS a"],
  ["UNSENDABLE_CHARACTER", "SELECT a FROM t WHERE b = '\u0008'"],
  ["UNSENDABLE_CHARACTER", "SELECT\u000Ba FROM t"],
  ["UNSENDABLE_CHARACTER", "SELECT a\fFROM t"],
  ["UNSENDABLE_CHARACTER", "SELECT '\u000E' AS a"],
  ["UNSENDABLE_CHARACTER", "SELECT '\u001F' AS a"],
  ["UNSENDABLE_CHARACTER", "SELECT 1 AS [a\ufffe]"],
  ["UNSENDABLE_CHARACTER", 'SELECT 1 AS "a\uffff"'],
  ["UNSENDABLE_CHARACTER", "SELECT '\ud83d' AS a"],
  ["UNSENDABLE_CHARACTER", "SELECT '\ude00\ud83d' AS a"],
];

const legal = [
  "WITH x AS (SELECT 1 AS a) SELECT a FROM x",
  "WITH x (a) AS (SELECT 1), [y z] AS (SELECT a FROM x) (SELECT a FROM [y z]) UNION SELECT a FROM x",
  "SELECT\ta\r\nFROM t",
  "SELECT '\u007f\u0085\ud7ff\ue000\ufffd😀\u{10ffff}' AS a",
  "SELECT a FROM t",
  "select * from [My DE]",
  "  \n-- first\nSELECT a FROM t",
  "/* /* nested */ still */ SELECT a FROM t",
  "SELECT a FROM t -- ; DROP TABLE t",
  "SELECT a FROM t /* ; SELECT 2 */",
  "SELECT 'a; DELETE FROM t' AS a",
  "SELECT N'it''s' AS a",
  "SELECT [a]]; DROP TABLE b] FROM t",
  'SELECT "into" AS x FROM t',
  "SELECT [into], [select], [delete] FROM [update]",
  "SELECT t.[order], Ent.[x].y FROM Ent.[x]",
  "SELECT GETDATE() AS now",
  "(SELECT a FROM t)",
  "(SELECT a FROM t) UNION ALL (SELECT b FROM u)",
  "((SELECT a FROM t))",
  "SELECT a FROM t UNION SELECT b FROM u",
  "SELECT a FROM t UNION ALL SELECT b FROM u",
  "SELECT a FROM t EXCEPT SELECT b FROM u",
  "SELECT a FROM t INTERSECT SELECT b FROM u",
  "SELECT a FROM t WHERE b IN (SELECT c FROM u)",
  "SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.b = t.b)",
  "SELECT (SELECT MAX(a) FROM t) AS m",
  "SELECT x.a FROM (SELECT a FROM t) x",
  "SELECT x.a FROM t CROSS APPLY (SELECT TOP 1 a FROM u) x",
  "SELECT TOP 10 PERCENT WITH TIES a FROM t ORDER BY a",
  "SELECT TOP (5) a FROM t ORDER BY a",
  "SELECT a FROM t ORDER BY a OFFSET 5 ROWS FETCH NEXT 5 ROWS ONLY",
  "SELECT a FROM t INNER MERGE JOIN u ON t.a = u.a",
  "SELECT a FROM t OPTION (USE HINT ('x'), MERGE JOIN)",
  "SELECT a FROM t WITH (NOLOCK)",
  "SELECT IIF(a = 1, 'x', 'y') AS z FROM t",
  "SELECT CASE WHEN a = 1 THEN 'x' END AS z FROM t",
  "SELECT a AS [#x] FROM t",
  "SELECT a@b, c#d, e$f FROM t",
  "SELECT EmailAddress FROM t WHERE EmailAddress LIKE '%@x.com'",
  "SELECT d AT TIME ZONE 'UTC' AS z FROM t",
  "SELECT STRING_AGG(a, ',') WITHIN GROUP (ORDER BY a) AS s FROM t",
  "SELECT ROW_NUMBER() OVER (PARTITION BY a ORDER BY b) AS n FROM t",
  "SELECT a FROM t FOR XML PATH('')",
  "SELECT STUFF((SELECT ',' + a FROM t FOR XML PATH('')), 1, 1, '') AS s",
  "SELECT a, n = 3, 'x' AS 'y' FROM t",
  "SELECT -1 AS a, .5 AS b, 1e5 AS c, 0x1F AS d",
  "SELECT v.a FROM (VALUES (1), (2)) v(a)",
  "SELECT p.x FROM (SELECT a, b FROM t) s PIVOT (MAX(b) FOR a IN ([x])) p",
  "SELECT TRY_PARSE(a AS int USING 'en-US') AS n FROM t",
  "SELECT a FROM t WHERE b <> 1 AND c != 2 AND d !> 3",
  "SELECT LastUpdate, Deleted, CreateDate, SetId FROM t",
];

describe("guard()", () => {
  it.each(hostile)("answers %s to %j", (code, sql) => {
    const answer = guard(sql);
    expect(answer.ok ? "passed" : answer.diagnostics[0]?.code).toBe(code);
  });

  it.each(legal)("lets pass %j", (sql) => {
    expect(guard(sql)).toEqual({ ok: true, sql, notes: [] });
  });

  it("says where, in lines and UTF-16 columns", () => {
    expect(guard("SELECT '😀' AS a\r\nFROM t DELETE\nFROM t")).toEqual({
      ok: false,
      diagnostics: [
        {
          code: "NOT_A_SELECT",
          severity: "error",
          message: "DELETE cannot run here: only reads are possible here",
          line: 2,
          column: 8,
          endLine: 2,
          endColumn: 14,
        },
      ],
    });
  });

  it.each([
    ["\u001f", "U+001F", "Delete it, or write it as NCHAR(31)"],
    ["\ud83d", "U+D83D, half of a character,", "Delete it, or write the whole character"],
  ])("says where the unsendable %j stands, and what to write", (char, name, fix) => {
    expect(guard(`SELECT 'x'\n, '😀${char}' AS a`)).toEqual({
      ok: false,
      diagnostics: [
        {
          code: "UNSENDABLE_CHARACTER",
          severity: "error",
          message: `${name} cannot be sent to Marketing Cloud: XML does not know it`,
          line: 2,
          column: 6,
          endLine: 2,
          endColumn: 7,
          fix,
        },
      ],
    });
  });

  it.each([
    ["SELECT 'abc", 1, 8],
    ["SELECT a\nFROM [b", 2, 6],
    ["SELECT a\n  /* x", 2, 3],
    ['SELECT a AS "b', 1, 13],
  ])("places what %j leaves open where it begins", (sql, line, column) => {
    const answer = guard(sql);
    expect(answer.ok ? [] : answer.diagnostics).toEqual([expect.objectContaining({ line, column })]);
  });

  it.each([
    ["SELECT a FROM t;", "SELECT a FROM t"],
    [";WITH x AS (SELECT 1 AS a) SELECT a FROM x", " WITH x AS (SELECT 1 AS a) SELECT a FROM x"],
    ["-- a\n;; SELECT a FROM t", "-- a\n   SELECT a FROM t"],
    ["SELECT a FROM t ; -- done\n", "SELECT a FROM t "],
    ["SELECT a FROM t;;/* x */;", "SELECT a FROM t"],
    ["SELECT ';' AS a;", "SELECT ';' AS a"],
  ])("cuts the semicolons of %j off, with a note", (sql, rest) => {
    expect(guard(sql)).toEqual({ ok: true, sql: rest, notes: [expect.stringContaining(";")] });
  });

  it("knows what IF( should have been", () => {
    const answer = guard("SELECT IF(a = 1, 'x', 'y') AS z FROM t");
    expect(answer.ok ? [] : answer.diagnostics.map(({ fix }) => fix)).toEqual(["Use IIF(condition, yes, no)"]);
  });

  it("names every refusal in order", () => {
    const answer = guard("SELECT @a INTO #b FROM [\0t]");
    expect(answer.ok ? [] : answer.diagnostics.map(({ code, column }) => [code, column])).toEqual([
      ["VARIABLE", 8],
      ["SELECT_INTO", 11],
      ["UNSENDABLE_CHARACTER", 25],
    ]);
  });
});

const piece = fc.oneof(
  fc.constantFrom("SELECT", "FROM", "UNION", "ALL", ";", "(", ")", "'", "[", "]", '"', "--", "/*", "*/", "\n", "\r"),
  fc.constantFrom("INSERT", "DROP", "@a", "#t", "INTO", "a", "1", ",", ".", "N'x'", "*", "WITH", "GO", "😀", "\ud800"),
  fc.string({ maxLength: 5, unit: "binary" }),
);
const soup = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(" "));

describe("laws of guard()", () => {
  it("never throws, and passes only what it was given, at most its end cut", () => {
    fc.assert(
      fc.property(soup, (sql) => {
        const answer = guard(sql);
        return answer.ok ? sql.startsWith(answer.sql) : answer.diagnostics.length > 0;
      }),
    );
  });

  it("passes what it passed once more, unchanged", () => {
    fc.assert(
      fc.property(soup, (sql) => {
        const once = guard(sql);
        if (once.ok) expect(guard(once.sql)).toEqual({ ok: true, sql: once.sql, notes: [] });
      }),
    );
  });

  const glue = fc.constantFrom(" ", ";", "\n", " ; -- x\n", "\nGO\n", "/* */", " --\r", ") ", " ) x; ");
  const statement = fc.constantFrom(...legal.filter((sql) => !/--[^\n]*$|\/\*[^*]*$/.test(sql)));
  const second = fc.oneof(
    statement.filter((sql) => !sql.trimStart().startsWith("(")),
    fc.constantFrom("DROP TABLE t", "DELETE FROM t", "EXEC('x')", "INSERT INTO t VALUES (1)", "DECLARE @a int"),
  );

  it("never passes two statements", () => {
    fc.assert(
      fc.property(statement, glue, second, (one, between, other) => {
        expect(guard(one + between + other).ok).toBe(false);
      }),
    );
  });
});
