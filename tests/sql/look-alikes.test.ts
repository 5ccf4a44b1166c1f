import { describe, expect, it } from "vitest";
import { check } from "#sql/check.ts";
import { guard } from "#sql/guard.ts";
import { fieldsOf } from "./support/tables.ts";

/** The diagnostics as `severity CODE line:column fix`. */
function found(sql: string, fields = fieldsOf): string[] {
  return check(sql, fields).diagnostics.map(
    ({ severity, code, line, column, fix }) => `${severity} ${code} ${line}:${column} ${fix ?? ""}`,
  );
}

describe("guard(), signs that only look like SQL's", () => {
  it("names the typographic quotes around an alias, each with place, code point and fix (a sample of Salesforce's)", () => {
    const answer = guard("SELECT Name as ‘First_Name’,\n  Email as “Mail” FROM [People] m");
    expect(
      answer.ok ? [] : answer.diagnostics.map(({ line, column, message, fix }) => [line, column, message, fix]),
    ).toEqual([
      [1, 16, "‘ (U+2018) is a typographic quote: SQL does not know it", "Write [First_Name]"],
      [1, 27, "’ (U+2019) is a typographic quote: SQL does not know it", "Write [First_Name]"],
      [2, 12, "“ (U+201C) is a typographic quote: SQL does not know it", "Write [Mail]"],
      [2, 17, "” (U+201D) is a typographic quote: SQL does not know it", "Write [Mail]"],
    ]);
  });

  const inQuotes = "Write ' around text, [ ] around a name";
  const forDash = "Write - for minus, -- for a comment, [ ] around a name";
  it.each([
    ["SELECT Id FROM People WHERE Name = ’Ann’", 36, inQuotes],
    ["SELECT Id FROM People WHERE Name = „Ann“", 36, inQuotes],
    ["SELECT Id FROM People WHERE Name = «Ann»", 36, inQuotes],
    ["SELECT Id FROM People WHERE Name = ´Ann´", 36, inQuotes],
    ["SELECT Id – 1 AS a FROM People", 11, forDash],
    ["SELECT Id—1 AS a FROM People", 10, forDash],
    ["SELECT Id −1 AS a FROM People", 11, forDash],
    ["SELECT Id FROM Leads‐2024", 21, forDash],
    ["–– my query\nSELECT Id FROM People", 1, forDash],
    ["SELECT Id， Name FROM People", 10, "Write ,"],
    ["SELECT COUNT（*） AS n FROM People", 13, "Write ("],
    ["SELECT Id FROM People WHERE Id ＝ 1", 32, "Write ="],
    ["SELECT Id FROM People WHERE Id ≠ 1", 32, "Write <>"],
    ["SELECT Id FROM People WHERE Id ≥ 1", 32, "Write >="],
    ["SELECT Id × 2 AS a FROM People", 11, "Write *"],
    ["SELECT Id FROM People\u037e", 22, "Write ;"],
    ["SELECT Id FROM People；", 22, "Write ;"],
    ["SELECT TOP １0 Id FROM People", 12, "Write 1"],
    ["SELECT Id, … FROM People", 12, "Write out what it stands for"],
    ["• SELECT Id FROM People", 1, "Delete it"],
    ["SELECT I\u00add FROM People", 9, "Delete it"],
    ["SELECT Id FROM Peo\u200dple", 19, "Delete it"],
    ["SELECT \u202aId FROM People", 8, "Delete it"],
    ["SELECT Id FROM People\u2060", 22, "Delete it"],
    // Opened by a quote of SQL's, closed by another.
    ["SELECT Id FROM People WHERE Name = 'Ann’", 40, "Write '"],
    ["SELECT Id FROM People WHERE Name = 'Ann’ AND Email = 'x'", 40, "Write '"],
  ])("refuses %j at column %i", (sql, column, fix) => {
    const answer = guard(sql);
    expect(answer.ok ? [] : answer.diagnostics.slice(0, 1)).toEqual([
      expect.objectContaining({ code: "LOOK_ALIKE_SIGN", column, fix }),
    ]);
  });

  it.each([
    "SELECT 'It’s “fine” – really…' AS a",
    "SELECT Id AS [Preis (€) – ‘neu’] FROM People",
    'SELECT Id AS "a – b" FROM People',
    "SELECT Id -- “quoted” – comment\nFROM People /* ‘x’ × ， */",
    "SELECT Größe, Имя, 名前, Col１, ΑΒΓ, naïve FROM People",
    "SELECT می\u200cخواهم FROM People",
    "SELECT Id FROM People WHERE Price > €5",
  ])("leaves %j alone", (sql) => expect(guard(sql)).toEqual({ ok: true, sql, notes: [] }));

  it("says nothing of what the look-alikes make of the text", () => {
    const answer = guard("SELECT Id FROM People WHERE Name = ‘DELETE’ AND (Id = 1");
    expect(new Set(answer.ok ? [] : answer.diagnostics.map(({ code }) => code))).toEqual(new Set(["LOOK_ALIKE_SIGN"]));
  });
});

describe("blanks that nobody sees", () => {
  it.each([
    ["\ufeffSELECT Id FROM People", " SELECT Id FROM People", "U+FEFF in line 1, column 1"],
    ["SELECT\u00a0Id FROM People", "SELECT Id FROM People", "U+00A0 in line 1, column 7"],
    ["SELECT Id\n\u200bFROM\u3000People", "SELECT Id\n FROM People", "U+200B in line 2, column 1 and 1 more"],
    ["SELECT Id FROM People\u2028WHERE 1 = 1", "SELECT Id FROM People WHERE 1 = 1", "U+2028 in line 1, column 22"],
  ])("run as plain ones: %j", (sql, sent, place) => {
    expect(guard(sql)).toEqual({ ok: true, sql: sent, notes: [`Plain blanks were written for others: ${place}`] });
  });

  it("are named by a check, which accepts what a run accepts", () => {
    const { ok, diagnostics, columns } = check("\ufeffSELECT\u00a0Id FROM People", fieldsOf);
    expect({ ok, columns }).toEqual({ ok: true, columns: [{ name: "Id", fieldType: "Number" }] });
    expect(diagnostics).toMatchObject([
      { code: "LOOK_ALIKE_BLANK", severity: "warning", line: 1, column: 1, message: expect.stringContaining("U+FEFF") },
      { code: "LOOK_ALIKE_BLANK", severity: "warning", line: 1, column: 8, message: expect.stringContaining("U+00A0") },
    ]);
  });

  it("stay in strings, names and comments", () => {
    const sql = "SELECT 'a\u00a0b' AS [c\u3000d] -- \ufeff\n";
    expect(guard(sql)).toEqual({ ok: true, sql, notes: [] });
  });
});

describe("check(), letters of other scripts", () => {
  const others = () => [
    { name: "Имя", fieldType: "Text" as const },
    { name: "Кey", fieldType: "Text" as const },
    { name: "First Name", fieldType: "Text" as const },
  ];
  it.each([
    ["SELECT Id FRОM People", "error LOOK_ALIKE_LETTER 1:13 Write FROM"],
    ["SELECT Id FROM People WHЕRE Id = 1", "error LOOK_ALIKE_LETTER 1:25 Write WHERE"],
    ["SELECT Id FROM People JΟIN Orders o ON 1 = 1", "error LOOK_ALIKE_LETTER 1:24 Write JOIN"],
    ["SELECT Id FROM People WHERE Id = 1 ΑND Id = 2", "error LOOK_ALIKE_LETTER 1:36 Write AND"],
    ["SELECT СOUNT(*) AS n FROM People", "warning LOOK_ALIKE_LETTER 1:8 Write COUNT"],
    ["SELECT Id FROM People LЕFT JOIN Orders o ON 1 = 1", "warning LOOK_ALIKE_LETTER 1:24 Write LEFT"],
    ["SELECT Nаme FROM People", "error UNKNOWN_COLUMN 1:8 Write Name: а (U+0430) only looks like a"],
    ["SELECT [Еmail] FROM People", "error UNKNOWN_COLUMN 1:8 Write Email: Е (U+0415) only looks like E"],
  ])("names the letter in %j", (sql, finding) => expect(found(sql)).toContain(finding));

  it("finds the name with a blank that only looks like one", () => {
    expect(found("SELECT [First\u00a0Name] FROM T", others)).toContainEqual(
      expect.stringContaining("Write First Name: U+00A0 only looks like a blank"),
    );
  });

  it.each(["SELECT Имя FROM T", "SELECT Кey FROM T", "SELECT t.Кey AS Кey FROM T t ", "SELECT Имя AS ТО FROM T"])(
    "takes a name that exists, or is given here, as it is: %j",
    (sql) => expect(found(sql, others)).toEqual([]),
  );

  it("says in the guard why a text that seems to begin with SELECT does not", () => {
    const answer = guard("SЕLECT Id FROM People");
    expect(answer.ok ? [] : answer.diagnostics).toMatchObject([
      { code: "LOOK_ALIKE_LETTER", column: 2, fix: "Write SELECT" },
    ]);
  });
});
