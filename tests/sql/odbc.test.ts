import { describe, expect, it } from "vitest";
import { check } from "#sql/check.ts";
import { openFilled, rowsOf } from "./support/filled-engine.ts";
import { fieldsOf, typeOf } from "./support/tables.ts";

const escapes: [written: string, type: string, runs: string][] = [
  ["{fn NOW()}", "Date", "GETDATE()"],
  ["{ fn now() }", "Date", "GETDATE()"],
  ["{d '2026-01-31'}", "Date", "CONVERT(datetime, '2026-01-31', 121)"],
  ["{ts '2026-01-31 10:30:00'}", "Date", "CONVERT(datetime, '2026-01-31 10:30:00', 121)"],
  ["{t '10:30:00'}", "Date", "(CAST(CAST(GETDATE() AS date) AS datetime) + CAST('10:30:00' AS datetime))"],
  [
    "{guid '6F9619FF-8B86-D011-B42D-00C04FC964FF'}",
    "Text(36)",
    "CAST('6F9619FF-8B86-D011-B42D-00C04FC964FF' AS uniqueidentifier)",
  ],
  ["{fn UCASE(Name)}", "Text(50)", "UPPER(Name)"],
  ["{fn LENGTH({fn CONCAT(Name, 'x')})}", "Number", "LEN(CONCAT(Name, 'x'))"],
  ["{fn LEFT(Name, 2)}", "Text(2)", "LEFT(Name, 2)"],
  ["{fn HOUR(Born)}", "Number", "DATEPART(hour, Born)"],
  ["{fn DAYNAME(Born)}", "Text(30)", "DATENAME(weekday, Born)"],
  ["{fn IFNULL(Name, 'a longer one')}", "Text(50)", "COALESCE(Name, 'a longer one')"],
  ["{fn LOCATE('a', Name)}", "Number", "CHARINDEX('a', Name)"],
  ["{fn CURDATE()}", "Text(4000)", "FORMAT(GETDATE(),'yyyy-MM-dd')"],
  ["{fn INSERT(Name, 1, 2, 'x')}", "Text(51)", "STUFF(Name, 1, 2, 'x')"],
  ["{fn FLOOR(Amount)}", "Decimal(10,0)", "FLOOR(Amount)"],
];

describe("an escape of ODBC", () => {
  it.each(escapes)("%s runs as what T-SQL has instead", (written, type, runs) => {
    const checked = check(`SELECT Id, ${written} AS x FROM People p`, fieldsOf);
    expect([checked.ok, checked.diagnostics.filter(({ code }) => code !== "WIDE_ROW"), checked.sql]).toEqual([
      true,
      [],
      `SELECT Id, ${runs} AS x FROM People p`,
    ]);
    expect(checked.portable).toBe(checked.sql);
    expect(typeOf(written)).toBe(type);
  });

  it("runs in the sandbox", () => {
    const engine = openFilled({ People: fieldsOf({ name: "People", ent: false }) ?? [] });
    const failing = escapes.filter(([, , runs]) => rowsOf(engine, `SELECT ${runs} AS x FROM People`) === undefined);
    engine.close();
    expect(failing).toEqual([]);
  });

  it("is written out inside of WITH, too, where MCE is asked about the text as it runs", () => {
    const sql = "WITH a AS (SELECT Id, {fn NOW()} AS n FROM People WHERE Born > {d '2020-01-31'}) SELECT n FROM a";
    expect(check(sql, fieldsOf).sql).toBe(
      "SELECT n FROM (SELECT Id, GETDATE() AS n FROM People WHERE Born > CONVERT(datetime, '2020-01-31', 121)) AS [a]",
    );
  });

  it.each([
    ["{fn MOD(Id, 2)}", "FOREIGN_FUNCTION", "Use a % b"],
    ["{fn TRUNCATE(Amount, 1)}", "FOREIGN_FUNCTION", "Use ROUND(number, digits, 1)"],
    ["{fn EXTRACT(YEAR FROM Born)}", "FOREIGN_FUNCTION", "Use DATEPART(part, date)"],
    ["{fn CONVERT(Name, SQL_VARCHAR)}", "NOT_UNDERSTOOD", "MCE itself will say whether it is right"],
    ["{oj People}", "NOT_UNDERSTOOD", undefined],
  ])("%s says what to write", (written, code, fix) => {
    const { diagnostics } = check(`SELECT ${written} AS x FROM People`, fieldsOf);
    expect(diagnostics).toContainEqual(expect.objectContaining({ code, ...(fix === undefined ? {} : { fix }) }));
  });
});
