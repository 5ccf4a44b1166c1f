import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checked, lookedAt, openEngines, rowsOf, scope, unordered, type Engines } from "./support/engines.ts";
import { smallTables } from "./support/tables.ts";

let engines: Engines;
beforeAll(() => {
  engines = openEngines(smallTables);
});
afterAll(() => engines.close());

const inlined = "WITH does not exist in Marketing Cloud: its common table expressions run as derived tables";

function portable(sql: string): string {
  const answer = checked(sql, engines);
  return answer.portable ?? JSON.stringify(answer.diagnostics);
}

function codes(sql: string): (string | number)[][] {
  return checked(sql, engines).diagnostics.map(({ code, line, column }) => [code, line, column]);
}

const kinds: [kind: string, sql: string][] = [
  ["one", "WITH m AS (SELECT MemberID, Name FROM Members) SELECT Name FROM m"],
  [
    "two with column lists",
    "WITH a (k, v) AS (SELECT MemberID, Name FROM Members), b(x) AS (SELECT k FROM a) SELECT a.v, b.x FROM a JOIN b ON b.x = a.k",
  ],
  [
    "a list over unnamed and equal columns",
    "WITH a (k, v, w) AS (SELECT MemberID, MemberID, COUNT(*) FROM Orders GROUP BY MemberID) SELECT * FROM a",
  ],
  [
    "one used three times",
    "WITH m AS (SELECT MemberID, City FROM Members) SELECT x.City FROM m x, m AS y WHERE x.MemberID = y.MemberID AND EXISTS (SELECT 1 FROM M)",
  ],
  [
    "inside UNION branches",
    "WITH m AS (SELECT City FROM Members) SELECT City FROM m WHERE City = 'c1' UNION ALL SELECT City FROM m WHERE City = 'c2'",
  ],
  [
    "FROM without alias, its name before a dot",
    "WITH Mine AS (SELECT MemberID FROM Members) SELECT mine.MemberID, [MINE].MemberID AS Twice FROM [mine]",
  ],
  [
    "bracketed, quoted, in any case",
    'WITH [my list] AS (SELECT Name FROM Members), "B" AS (SELECT Name FROM [MY LIST]) SELECT b.Name, "b".Name AS N FROM B',
  ],
  [
    "a hint on the reference",
    "WITH m AS (SELECT Name FROM Members WITH (NOLOCK)) SELECT q.Name FROM m AS q WITH (NOLOCK) JOIN m r WITH (NOLOCK) ON r.Name = q.Name",
  ],
  [
    "a CTE called as a Data Extension of an earlier one's",
    "WITH a AS (SELECT SKU FROM Orders), Orders AS (SELECT TOP 3 SKU FROM a ORDER BY SKU) SELECT SKU FROM Orders",
  ],
  [
    "PIVOT",
    "WITH o AS (SELECT SKU, Qty, MemberID FROM Orders) SELECT * FROM o PIVOT (MAX(Qty) FOR SKU IN ([s1], [s2])) AS p",
  ],
  [
    "APPLY",
    "WITH o AS (SELECT SKU, MemberID FROM Orders) SELECT m.Name, x.SKU FROM Members m CROSS APPLY (SELECT TOP 1 SKU FROM o WHERE o.MemberID = m.MemberID ORDER BY SKU) x",
  ],
  [
    "comments all around",
    "/* a */ WITH -- b\n m /* c */ AS ( -- d\n SELECT Name -- e\n FROM Members -- f\n) -- g\n SELECT Name FROM m -- h",
  ],
  ["one nobody uses", "WITH a AS (SELECT Name FROM Members), b AS (SELECT SKU FROM Orders) SELECT SKU FROM b"],
  ["a star over it", "WITH m AS (SELECT *, Name AS Name2 FROM Members) SELECT m.* FROM m"],
  [
    "a parenthesized main query",
    "WITH m AS (SELECT Name FROM Members) (SELECT Name FROM m) UNION (SELECT SKU FROM Orders)",
  ],
];

describe("common table expressions", () => {
  it.each(kinds)("run as derived tables: %s", (_kind, sql) => {
    const wanted = rowsOf(engines.server, sql);
    const { look, notes, portable: text = "" } = checked(sql, engines);
    if (typeof wanted === "string") throw new Error(wanted);
    const [got, saved] = [rowsOf(engines.mce, look?.sql ?? ""), rowsOf(engines.mce, text)];
    if (typeof got === "string" || typeof saved === "string")
      throw new Error(`${JSON.stringify([got, saved])}: ${text}`);
    expect(unordered(lookedAt(got).rows)).toEqual(unordered(wanted.rows));
    expect(unordered(saved.rows)).toEqual(unordered(wanted.rows));
    expect(engines.mce.check(text, scope).kind).toBe("fine");
    expect(notes).toContain(inlined);
  });

  it("leave everything else as it is written", () => {
    expect(
      portable("WITH m (k) AS (SELECT Name -- who\n FROM Members) SELECT q.k /* all */ FROM m WITH (NOLOCK) AS q"),
    ).toBe(
      "SELECT q.k /* all */ FROM (SELECT Name -- who\n FROM Members) AS [m] ([k]) AS q".replace(
        "AS [m] ([k]) AS q",
        "AS [q] ([k])",
      ),
    );
    expect(portable("WITH a AS (SELECT SKU FROM Orders), b AS (SELECT SKU FROM a) SELECT SKU FROM b")).toBe(
      "SELECT SKU FROM (SELECT SKU FROM (SELECT SKU FROM Orders) AS [a]) AS [b]",
    );
  });

  it("are not what Ent. or dbo. stands before", () => {
    const { tables } = checked(
      "WITH m AS (SELECT Name FROM Ent.m) SELECT Name FROM m UNION SELECT Name FROM Ent.[M]",
      engines,
    );
    expect(tables.map(({ name, ent }) => [name, ent])).toEqual([["m", true]]);
    expect(codes("WITH m AS (SELECT Name FROM Members) SELECT Name FROM dbo.m")).toContainEqual([
      "MULTI_PART_NAME",
      1,
      55,
    ]);
  });

  it.each([
    [
      "a step of itself",
      "WITH n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 9) SELECT i FROM n",
      [["RECURSIVE_CTE", 1, 6]],
    ],
    [
      "a table called as it is",
      "WITH Members AS (SELECT Name FROM Members) SELECT Name FROM Members",
      [["RECURSIVE_CTE", 1, 6]],
    ],
    [
      "two of one name",
      "WITH a AS (SELECT Name FROM Members), A AS (SELECT SKU FROM Orders) SELECT 1 AS x",
      [["DUPLICATE_CTE", 1, 39]],
    ],
    [
      "WITH inside",
      "SELECT Name FROM (WITH m AS (SELECT Name FROM Members) SELECT Name FROM m) x",
      [["NESTED_WITH", 1, 19]],
    ],
    [
      "a sample",
      "WITH m AS (SELECT Name FROM Members) SELECT Name FROM m TABLESAMPLE (10 PERCENT)",
      [["CTE_SAMPLE", 1, 57]],
    ],
    ["no SELECT behind it", "WITH m AS (SELECT Name FROM Members)", [["CTE", 1, 37]]],
    [
      "ORDER BY inside without TOP",
      "WITH m AS (SELECT Name FROM Members ORDER BY Name) SELECT Name FROM m",
      [["ORDER_BY_WITHOUT_TOP", 1, 37]],
    ],
    [
      "an unknown column, which would be one of the query around it",
      "WITH o AS (SELECT SKU FROM Orders WHERE Name = 'x') SELECT Name FROM Members WHERE EXISTS (SELECT 1 FROM o)",
      [["UNKNOWN_COLUMN", 1, 41]],
    ],
  ])("are refused with %s", (_what, sql, wanted) => {
    expect([checked(sql, engines).ok, codes(sql)]).toEqual([false, wanted]);
  });

  it("names the one that gets too long when it is written out, or too deep", () => {
    const doubling = Array.from(
      { length: 30 },
      (_, index) => `c${index + 1} AS (SELECT a.k FROM c${index} a, c${index} b)`,
    );
    const sql = `WITH c0 AS (SELECT MemberID AS k FROM Members), ${doubling.join(", ")} SELECT k FROM c30`;
    expect(checked(sql, engines).diagnostics.map(({ code, message }) => [code, message.slice(0, 3)])).toEqual([
      ["CTE_TOO_LONG", "c13"],
    ]);
    const chain = Array.from({ length: 150 }, (_, index) => `d${index + 1} AS (SELECT k FROM d${index})`);
    const deep = `WITH d0 AS (SELECT MemberID AS k FROM Members), ${chain.join(", ")} SELECT k FROM d150`;
    expect(checked(deep, engines).diagnostics.map(({ code }) => code)).toEqual(["CTE_TOO_LONG"]);
    const often = Array.from({ length: 3000 }, () => "SELECT Name FROM big").join(" UNION ALL ");
    const wide = `WITH big AS (SELECT Name FROM Members WHERE Name <> '${"x".repeat(100)}') ${often}`;
    expect(checked(wide, engines).diagnostics.map(({ code, message }) => [code, message.slice(0, 4)])).toEqual([
      ["CTE_TOO_LONG", "big,"],
    ]);
  });
});
