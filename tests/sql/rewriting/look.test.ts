import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hiddenFields } from "#sql/rewrite/field-names.ts";
import type { TableField } from "#sql/fields.ts";
import { checked, lookedAt, openEngines, rowsOf, scope, unordered, type Engines } from "./support/engines.ts";

const rowCount = 3000;
const field = (name: string, fieldType: TableField["fieldType"]): TableField => ({
  name,
  fieldType,
  ...(fieldType === "Text" ? { maxLength: 50 } : {}),
});

let engines: Engines;
beforeAll(() => {
  // In no order: 7 and 3000 have no common divisor.
  const rows = Array.from({ length: rowCount }, (_, index) => {
    const id = ((index * 7) % rowCount) + 1;
    return [String(id), `N${id % 101}`, id % 11 === 0 ? null : String((id * 37) % 1000), `o${id % 5}`];
  });
  const fields = [field("Id", "Number"), field("Name", "Text"), field("Score", "Number"), field("Order", "Text")];
  engines = openEngines({ Players: { fields, rows } });
});
afterAll(() => engines.close());

function lookOf(sql: string, more: Parameters<typeof checked>[2] = {}): string {
  const { look, diagnostics } = checked(sql, engines, more);
  if (look === undefined) throw new Error(`No look: ${JSON.stringify(diagnostics)}`);
  return look.sql;
}

/** Queries with an order that is decided for every row, so that there is one right answer. */
const ordered: [shape: string, sql: string][] = [
  ["TOP", "SELECT TOP 2500 Id, Name FROM Players ORDER BY Id DESC"],
  ["a text with a comment at its end", "SELECT TOP 20 Id FROM Players ORDER BY Id DESC -- the last ones"],
  ["TOP PERCENT", "SELECT TOP 10 PERCENT Id, Name FROM Players ORDER BY Id"],
  ["TOP WITH TIES", "SELECT TOP 5 WITH TIES Score, Id FROM Players ORDER BY Score DESC, Id"],
  ["nulls first", "SELECT TOP 1000 Score, Id FROM Players ORDER BY Score, Id"],
  ["an alias", "SELECT TOP 100 Id * 2 AS Twice, Name N FROM Players ORDER BY Twice DESC"],
  ["an alias in front", "SELECT TOP 100 Twice = Id * 2 FROM Players ORDER BY [twice] DESC"],
  ["positions", "SELECT TOP 100 Name, Id FROM Players ORDER BY 1, 2 DESC"],
  ["qualified names", "SELECT TOP 100 p.Name, p.Id FROM Players p ORDER BY p.Name, p.[Id] DESC"],
  ["a name that is not shown", "SELECT TOP 100 Name FROM Players p ORDER BY p.Score DESC, Id"],
  ["an expression", "SELECT TOP 100 Name FROM Players ORDER BY LEN(Name) DESC, ABS(Score - 500), Id DESC"],
  [
    "an expression that is shown",
    "SELECT TOP 100 ABS(Score - 500) AS Away, Id FROM Players ORDER BY abs(Score-500), Id",
  ],
  ["a CASE", "SELECT TOP 100 Id FROM Players ORDER BY CASE WHEN Id > 2000 THEN 0 ELSE 1 END, Id"],
  ["a reserved word", "SELECT TOP 100 [Order], Id FROM Players ORDER BY [Order] DESC, Id"],
  ["a subquery", "SELECT TOP 9 Id FROM Players p ORDER BY (SELECT MAX(q.Id) FROM Players q WHERE q.Id = p.Id)"],
  ["DISTINCT", "SELECT DISTINCT TOP 50 Name FROM Players ORDER BY Name DESC"],
  ["DISTINCT by a longer name", "SELECT DISTINCT TOP 50 Name FROM Players p ORDER BY p.Name DESC"],
  ["DISTINCT by a shorter name", "SELECT DISTINCT TOP 50 p.Name AS Who FROM Players p ORDER BY [name] DESC"],
  ["DISTINCT with all columns", "SELECT DISTINCT TOP 50 [Id], [Name], [Score] FROM Players p ORDER BY p.Id DESC"],
  ["DISTINCT and a star", "SELECT DISTINCT TOP 50 * FROM Players p ORDER BY p.Id DESC"],
  ["GROUP BY", "SELECT TOP 20 Name, COUNT(*) AS N, SUM(Id) AS S FROM Players GROUP BY Name ORDER BY S DESC"],
  ["GROUP BY, not shown", "SELECT TOP 20 Name FROM Players GROUP BY Name ORDER BY SUM(Id) DESC"],
  [
    "WITHIN GROUP",
    "SELECT TOP 9 Name, STRING_AGG(Id, ',') WITHIN GROUP (ORDER BY Id) AS Ids FROM Players WHERE Id < 300 GROUP BY Name ORDER BY COUNT(*) DESC, Name",
  ],
  ["OFFSET", "SELECT Id, Name FROM Players ORDER BY Id DESC OFFSET 100 ROWS FETCH NEXT 60 ROWS ONLY"],
  ["a column called Offset", "SELECT TOP 20 Score AS Offset, Id FROM Players ORDER BY Offset DESC, Id"],
  [
    "a column called Offset in an expression",
    "SELECT TOP 20 o.Offset, Id FROM (SELECT Score AS Offset, Id FROM Players) o ORDER BY CASE WHEN Offset > 500 THEN Offset ELSE 0 END, o.Offset, 1 + Offset, Id",
  ],
  [
    "UNION",
    "SELECT Id, Name FROM Players WHERE Id < 40 UNION SELECT Id, Name FROM Players WHERE Id > 2990 ORDER BY Id DESC",
  ],
  [
    "UNION of parentheses",
    "(SELECT Id AS K, Name FROM Players WHERE Id < 40) UNION (SELECT Id, Name FROM Players WHERE Id > 2990) ORDER BY K DESC",
  ],
  ["one SELECT in parentheses", "(SELECT Id, Name FROM Players WHERE Id < 40) ORDER BY Id DESC OFFSET 3 ROWS"],
  ["the whole query in parentheses", "((SELECT TOP 9 Name FROM Players ORDER BY Id DESC))"],
  ["a window beside it", "SELECT TOP 30 Id, RANK() OVER (ORDER BY Score) AS R FROM Players ORDER BY R, Id"],
  ["a derived table with an order", "SELECT Id FROM (SELECT TOP 99 Id FROM Players ORDER BY Id) x ORDER BY Id DESC"],
  ["no TOP", "SELECT Id, Name FROM Players WHERE Id < 900 ORDER BY Name, Id"],
  ["no TOP, a hidden key", "SELECT Name FROM Players WHERE Id < 900 ORDER BY Score DESC, Id"],
  ["no TOP, a repeated name", "SELECT Id, Name, Name FROM Players WHERE Id < 90 ORDER BY Name, Id"],
  [
    "no TOP, a collation",
    "SELECT Name, Id FROM Players WHERE Id < 900 ORDER BY Name COLLATE Latin1_General_BIN2 DESC, Id",
  ],
  ["no TOP, a comment inside", "SELECT Id -- which\nFROM Players WHERE Id < 50 -- few\nORDER BY Id DESC -- last\n"],
  ["an unnamed column", "SELECT COUNT(*), Name FROM Players GROUP BY Name ORDER BY 1 DESC, Name"],
  ["the same key twice", "SELECT Id, Name FROM Players WHERE Id < 90 ORDER BY Name, Id, 1 DESC"],
];

describe("a look", () => {
  it.each(ordered)("keeps the rows and their order: %s", (_shape, sql) => {
    const wanted = rowsOf(engines.server, sql);
    const look = lookOf(sql);
    const got = rowsOf(engines.mce, look);
    if (typeof wanted === "string" || typeof got === "string")
      throw new Error(`${JSON.stringify([wanted, got])}: ${look}`);
    expect(lookedAt(got).rows).toEqual(wanted.rows);
    expect(engines.mce.check(look, scope).kind).toBe("fine");
  });

  it.each(ordered)("has a plain text that Marketing Cloud takes, in the same order: %s", (_shape, sql) => {
    const { sql: plain = "" } = checked(sql, engines);
    const [wanted, got] = [rowsOf(engines.server, sql), rowsOf(engines.mce, plain)];
    if (typeof wanted === "string" || typeof got === "string")
      throw new Error(`${JSON.stringify([wanted, got])}: ${plain}`);
    expect(got.rows).toEqual(wanted.rows);
    expect(engines.mce.check(plain, scope).kind).toBe("fine");
  });

  it.each([
    ["more than 2,500 rows", "SELECT Id FROM Players", 2500, 2501],
    ["just 2,500", "SELECT Id FROM Players WHERE Id <= 2500", 2500, 2500],
    ["one more", "SELECT Id FROM Players WHERE Id <= 2501", 2500, 2501],
    ["no rows", "SELECT Id FROM Players WHERE Id < 0", 0, 0],
  ])("ends at 2,500 rows and tells whether there were more: %s", (_what, sql, rows, count) => {
    const got = rowsOf(engines.mce, lookOf(sql));
    if (typeof got === "string") throw new Error(got);
    const seen = lookedAt(got);
    expect([seen.rows.length, seen.count]).toEqual([rows, count]);
    expect(new Set(unordered(seen.rows)).size).toBe(rows);
  });

  it("counts all rows when the total is asked for", () => {
    const got = rowsOf(engines.mce, lookOf("SELECT Id FROM Players ORDER BY Id", { isTotal: true }));
    if (typeof got === "string") throw new Error(got);
    const { rows, count } = lookedAt(got);
    expect([rows.length, rows[0], rows.at(-1), count]).toEqual([2500, ["1"], ["2500"], 3000]);
  });

  it("is written as the design says", () => {
    expect(lookOf("SELECT Name, Id, Id FROM Players p ORDER BY p.Score DESC, 2")).toBe(
      "SELECT TOP 2500 [Name], [Id], [Id_2], [QPP_Order], COUNT(*) OVER () AS [QPP_Count] FROM " +
        "(SELECT TOP 2501 [Name], [Id], [Id_2], ROW_NUMBER() OVER (ORDER BY [QPP_Key] DESC, [Id]) AS [QPP_Order] FROM " +
        "(SELECT Name, Id, Id, p.Score FROM Players p ) AS [QPP_Query] ([Name], [Id], [Id_2], [QPP_Key])" +
        " ORDER BY [QPP_Order]) AS [QPP_Look] ORDER BY [QPP_Order]",
    );
    expect(lookOf("SELECT TOP 5 * FROM Players ORDER BY Id", { isTotal: true })).toBe(
      "SELECT TOP 2500 [Id], [Name], [Score], [Order], [QPP_Order], [QPP_Count] FROM " +
        "(SELECT TOP 2501 [Id], [Name], [Score], [Order], ROW_NUMBER() OVER (ORDER BY [Id]) AS [QPP_Order], " +
        "COUNT(*) OVER () AS [QPP_Count] FROM " +
        "(SELECT TOP 5 [Id], [Name], [Score], [Order] FROM Players ORDER BY Id) AS [QPP_Query]" +
        " ([Id], [Name], [Score], [Order]) ORDER BY [QPP_Order]) AS [QPP_Look] ORDER BY [QPP_Order]",
    );
    expect(lookOf("SELECT Id FROM Players")).toContain("OVER (ORDER BY (SELECT NULL)) AS [QPP_Order]");
  });

  it("hides its numbers under names that no column has", () => {
    expect(hiddenFields(["Id"])).toEqual({ order: "QPP_Order", count: "QPP_Count" });
    expect(hiddenFields(["qpp_order", "QPP_ORDER_2"])).toEqual({ order: "QPP_Order_3", count: "QPP_Count" });
    const sql = "SELECT Id AS QPP_Order, Name AS [qpp_key] FROM Players WHERE Id < 20 ORDER BY Score, Id";
    const wanted = rowsOf(engines.server, sql);
    const got = rowsOf(engines.mce, lookOf(sql));
    if (typeof wanted === "string" || typeof got === "string") throw new Error("refused");
    expect(got.names).toEqual(["QPP_Order", "qpp_key", "QPP_Order_2", "QPP_Count"]);
    expect(lookedAt(got).rows).toEqual(wanted.rows);
  });

  it("makes one column of FOR XML and FOR JSON", () => {
    const xml = "SELECT Id, Name FROM Players WHERE Id < 4 ORDER BY Id DESC FOR XML PATH('p')";
    const { columns, look, portable } = checked(xml, engines);
    expect(columns).toEqual([{ name: "XML", fieldType: "Text" }]);
    const wanted = "<p><Id>3</Id><Name>N3</Name></p><p><Id>2</Id><Name>N2</Name></p><p><Id>1</Id><Name>N1</Name></p>";
    const got = rowsOf(engines.mce, look?.sql ?? "");
    expect(typeof got === "string" ? got : lookedAt(got)).toEqual({ names: ["XML"], rows: [[wanted]], count: 1 });
    expect(rowsOf(engines.mce, portable ?? "")).toEqual({ names: ["XML"], rows: [[wanted]] });
    expect(checked("SELECT * FROM Players FOR JSON AUTO", engines).columns).toEqual([
      { name: "JSON", fieldType: "Text" },
    ]);
  });

  it.each([
    ["SELECT Id FROM Players ORDER BY 2", "ORDER_BY_POSITION", 33],
    ["SELECT Id FROM Players ORDER BY 0", "ORDER_BY_POSITION", 33],
    ["SELECT Id FROM Players ORDER BY 'a'", "ORDER_BY_CONSTANT", 33],
    ["SELECT Id FROM Players ORDER BY NULL", "ORDER_BY_CONSTANT", 33],
    ["SELECT DISTINCT Name FROM Players ORDER BY Id", "ORDER_BY_NOT_SHOWN", 44],
    ["SELECT Id FROM Players UNION SELECT Id FROM Players ORDER BY Name", "ORDER_BY_NOT_SHOWN", 62],
    ["SELECT a.Id, b.Id FROM Players a JOIN Players b ON 1 = 1 ORDER BY Id", "AMBIGUOUS_COLUMN", 67],
  ])("is refused as SQL Server refuses the order: %s", (sql, code, column) => {
    expect(typeof rowsOf(engines.server, sql)).toBe("string");
    const { ok, diagnostics } = checked(sql, engines);
    expect(ok).toBe(false);
    expect(diagnostics.map((one) => [one.code, one.column])).toContainEqual([code, column]);
  });

  it.each([
    ["a text that is not understood", "SELECT TOP 5 Id FROM Players WHERE Id = = 1 ORDER BY Id", "not understood"],
    [
      "an order that it does not show",
      "SELECT DISTINCT TOP 3 UPPER(p.Name) AS Name FROM Players p ORDER BY p.Name",
      "DISTINCT",
    ],
  ])("says when an order is lost: %s", (_what, sql, why) => {
    expect(checked(sql, engines).notes.join()).toContain(`The rows are not in the order of ORDER BY: `);
    expect(checked(sql, engines).notes.join()).toContain(why);
  });

  it("is not made of a text that is not understood", () => {
    const { look, sql } = checked("SELECT Id, Name FROM Players WHERE Id = = 1", engines);
    expect([look, sql]).toEqual([undefined, "SELECT Id, Name FROM Players WHERE Id = = 1"]);
  });
});
