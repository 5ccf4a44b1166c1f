import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keepOrder, orderColumn } from "#sql/order.ts";
import { openEngine, type Engine, type Field } from "../../sandbox/engine/engine.ts";

const scope = { mid: 1, eid: 1, now: Date.UTC(2026, 10, 24) };
const rowCount = 3000;
const field = (name: string, fieldType: Field["fieldType"]): Field => ({
  name,
  fieldType,
  isRequired: false,
  isPrimaryKey: false,
  ...(fieldType === "Text" ? { maxLength: 50 } : {}),
});

let engine: Engine;

beforeAll(() => {
  engine = openEngine();
  const fields = [field("Id", "Number"), field("Name", "Text"), field("Score", "Number"), field("Order", "Text")];
  engine.createTable(1, "Players", fields);
  // In no order: 7 and 3000 have no common divisor.
  const rows = Array.from({ length: rowCount }, (_, index) => {
    const id = ((index * 7) % rowCount) + 1;
    return [String(id), `N${id % 101}`, id % 11 === 0 ? null : String((id * 37) % 1000), `o${id % 5}`];
  });
  expect(engine.insertRows(1, "Players", rows)).toEqual({ kind: "applied", rows: rowCount });
});
afterAll(() => engine.close());

function rowsOf(sql: string): { names: string[]; rows: (string | null)[][] } {
  const answer = engine.select(sql, scope);
  if (answer.kind !== "rows") throw new Error(`${answer.message}: ${sql}`);
  return { names: answer.columns.map(({ name }) => name), rows: answer.rows };
}

/** Queries with an order that is decided for every row, so that there is one right answer. */
const kept: [shape: string, sql: string][] = [
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
  [
    "a subquery as a term",
    "SELECT TOP 9 Id FROM Players p ORDER BY (SELECT MAX(q.Id) FROM Players q WHERE q.Id = p.Id)",
  ],
  ["DISTINCT", "SELECT DISTINCT TOP 50 Name FROM Players ORDER BY Name DESC"],
  ["DISTINCT by a longer name", "SELECT DISTINCT TOP 50 Name FROM Players p ORDER BY p.Name DESC"],
  ["DISTINCT by a shorter name", "SELECT DISTINCT TOP 50 p.Name AS Who FROM Players p ORDER BY [name] DESC"],
  ["DISTINCT with all columns", "SELECT DISTINCT TOP 50 [Id], [Name], [Score] FROM Players p ORDER BY p.Id DESC"],
  ["GROUP BY", "SELECT TOP 20 Name, COUNT(*) AS N, SUM(Id) AS S FROM Players GROUP BY Name ORDER BY S DESC"],
  ["GROUP BY, not shown", "SELECT TOP 20 Name FROM Players GROUP BY Name ORDER BY SUM(Id) DESC"],
  [
    "WITHIN GROUP",
    "SELECT TOP 9 Name, STRING_AGG(Id, ',') WITHIN GROUP (ORDER BY Id) AS Ids FROM Players WHERE Id < 300 GROUP BY Name ORDER BY COUNT(*) DESC, Name",
  ],
  [
    "a column behind WITHIN GROUP",
    "SELECT TOP 9 Name, STRING_AGG(Id, ',') WITHIN GROUP (ORDER BY Id) AS Ids, COUNT(*) AS N FROM Players WHERE Id < 300 GROUP BY Name ORDER BY Name",
  ],
  ["OFFSET", "SELECT Id, Name FROM Players ORDER BY Id DESC OFFSET 100 ROWS FETCH NEXT 60 ROWS ONLY"],
  ["a column called Offset", "SELECT TOP 20 Score AS Offset, Id FROM Players ORDER BY Offset DESC, Id"],
  [
    "a column called Offset in an expression",
    "SELECT TOP 20 o.Offset, Id FROM (SELECT Score AS Offset, Id FROM Players) o ORDER BY CASE WHEN Offset > 500 THEN Offset ELSE 0 END, o.Offset, 1 + Offset, Id",
  ],
  [
    "a column called Offset and the clause",
    "SELECT Score AS Offset, Id FROM Players WHERE Score > 0 ORDER BY Offset, Id OFFSET 5 ROWS FETCH NEXT 9 ROWS ONLY",
  ],
  [
    "UNION",
    "SELECT Id, Name FROM Players WHERE Id < 40 UNION SELECT Id, Name FROM Players WHERE Id > 2990 ORDER BY Id DESC OFFSET 0 ROWS",
  ],
  [
    "UNION of parentheses",
    "(SELECT Id AS K, Name FROM Players WHERE Id < 40) UNION (SELECT Id, Name FROM Players WHERE Id > 2990) ORDER BY K DESC OFFSET 0 ROWS",
  ],
  ["one SELECT in parentheses", "(SELECT Id, Name FROM Players WHERE Id < 40) ORDER BY Id DESC OFFSET 3 ROWS"],
  ["the whole query in parentheses", "((SELECT TOP 9 Name FROM Players ORDER BY Id DESC))"],
  ["a window beside it", "SELECT TOP 30 Id, RANK() OVER (ORDER BY Score) AS R FROM Players ORDER BY R, Id"],
  [
    "a derived table with an order of its own",
    "SELECT TOP 9 Id FROM (SELECT TOP 99 Id FROM Players ORDER BY Id) x ORDER BY Id DESC",
  ],
];

describe("keepOrder()", () => {
  it.each(kept)("keeps the rows and their order: %s", (_shape, sql) => {
    const wanted = rowsOf(sql);
    const ordered = keepOrder(sql, wanted.names);
    if (ordered.kind !== "ordered") throw new Error(`${ordered.kind}: ${JSON.stringify(ordered)}`);
    const got = rowsOf(ordered.sql);
    expect(got.names).toEqual([...wanted.names, ordered.column]);
    const inOrder = got.rows.toSorted((one, other) => Number(one.at(-1)) - Number(other.at(-1)));
    expect(inOrder.map((row) => row.at(-1))).toEqual(wanted.rows.map((_, index) => String(index + 1)));
    expect(inOrder.map((row) => row.slice(0, -1))).toEqual(wanted.rows);
    // MCE reads the text as a derived table: a query it would save must stay one it saves.
    expect(engine.check(ordered.sql, scope).kind).toBe("fine");
  });

  it.each([
    "SELECT Id FROM Players",
    "SELECT Id, ROW_NUMBER() OVER (ORDER BY Id) AS R FROM Players",
    "SELECT Id FROM (SELECT TOP 5 Id FROM Players ORDER BY Id) x",
    "SELECT Id FROM Players -- ORDER BY Id",
    "SELECT Id AS [Order By] FROM Players",
    "(SELECT TOP 5 Id FROM Players ORDER BY Id) UNION (SELECT TOP 5 Id FROM Players ORDER BY Id DESC)",
  ])("calls unordered: %s", (sql) => {
    expect(keepOrder(sql, sql.includes(" R ") ? ["Id", "R"] : ["Id"])).toEqual({ kind: "unordered" });
  });

  it("changes nothing inside the text but what it is ordered by", () => {
    const sql = "SELECT TOP 3 Name -- who\nFROM Players\nORDER BY Score DESC";
    expect(keepOrder(sql, ["Name"])).toEqual({
      kind: "ordered",
      column: "QPP_Order",
      sql:
        "SELECT [Name], ROW_NUMBER() OVER (ORDER BY [QPP_Key] DESC) AS [QPP_Order] FROM (" +
        "SELECT TOP 3 Name, Score AS [QPP_Key] -- who\nFROM Players\nORDER BY Score DESC\n) AS [QPP_Query]",
    });
  });

  it("says when an order cannot be kept", () => {
    expect(keepOrder("(SELECT Id FROM Players) ORDER BY Name OFFSET 3 ROWS", ["Id"]).kind).toBe("lost");
    expect(keepOrder("SELECT DISTINCT TOP 3 Name FROM Players ORDER BY Id", ["Name"]).kind).toBe("lost");
    const renamed = "SELECT DISTINCT TOP 3 UPPER(p.Name) AS Name FROM Players p ORDER BY p.Name";
    expect(keepOrder(renamed, ["Name"]).kind).toBe("lost");
    const others = "SELECT DISTINCT TOP 3 p.Name FROM Players p JOIN Players q ON p.Id = q.Id ORDER BY q.Name";
    expect(keepOrder(others, ["Name"]).kind).toBe("lost");
    expect(keepOrder("SELECT TOP 3 * FROM Players ORDER BY Id", ["Id", "Name"]).kind).toBe("lost");
    const many = Array.from({ length: 1000 }, (_, index) => `Score + ${index}`).join();
    expect(keepOrder(`SELECT TOP 3 Id FROM Players ORDER BY ${many}`, ["Id"])).toEqual({
      kind: "lost",
      why: "its columns and what it is ordered by are more than 1000",
    });
  });
});

it("orderColumn() takes a name no column has", () => {
  expect(orderColumn(["Id"])).toBe("QPP_Order");
  expect(orderColumn(["qpp_order", "QPP_ORDER_2"])).toBe("QPP_Order_3");
});
