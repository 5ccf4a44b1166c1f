import { expect, test } from "vitest";
import type { Run } from "../../src/run/run.ts";
import { callsOf } from "./support/ledger.ts";
import { useWorld } from "./support/use-world.ts";

const world = useWorld({ behaviours: { durationMs: 200 } });

const refusal = "Marketing Cloud refused to number and bound the rows of this query";
const numbering = "Incorrect syntax near 'ROW_NUMBER'.";

async function over(sql: string, options: { total?: true } = {}): Promise<Run> {
  return world.over(await world.submit(sql, options));
}

/** The rows of a run's own table in MCE. */
async function rowsIn({ id }: Run): Promise<number | undefined> {
  const { dataExtensions } = await world.ask<{ dataExtensions: { key: string; rows: number }[] }>("state");
  return dataExtensions.find(({ key }) => key.includes(id))?.rows;
}

/** How many queries MCE was asked to create since. */
async function createsAfter(before: number): Promise<number> {
  return (await callsOf(world)).slice(before).filter((call) => call === "SOAP Create QueryDefinition").length;
}

test("a table of 100,000 rows without WHERE leaves 2,500 in Marketing Cloud, and all are counted when asked for", async () => {
  await world.startBridge();
  const look = await over("SELECT * FROM [Big List]");
  expect(look).toMatchObject({ status: "ready", truncated: true, notes: [] });
  expect(look).not.toHaveProperty("rowCount");
  expect(await rowsIn(look)).toBe(2500);
  const counted = await over("SELECT * FROM [Big List]", { total: true });
  expect(counted).toMatchObject({ status: "ready", truncated: true, rowCount: 100_000 });
  expect(await rowsIn(counted)).toBe(2500);
});

test("a look that shows all rows knows how many", async () => {
  await world.startBridge();
  expect(await over("SELECT CustomerKey FROM Customers WHERE CustomerKey = 'C000001'")).toMatchObject({
    rowCount: expect.any(Number),
    truncated: false,
  });
  const none = await over("SELECT CustomerKey FROM Customers WHERE 1 = 0");
  expect(none).toMatchObject({ rowCount: 0, truncated: false });
});

test("a query that Marketing Cloud refuses as a look is created once more as it is, and the next one at once", async () => {
  await world.ask("behaviours", { numberingRefused: true });
  await world.startBridge();
  const before = (await callsOf(world)).length;
  const sql =
    "WITH c AS (SELECT TOP 60 CustomerKey AS k FROM Customers ORDER BY CustomerKey) SELECT k, 1 FROM c ORDER BY k";
  const first = await over(sql);
  expect(first).toMatchObject({
    status: "ready",
    rowCount: 60,
    columns: [{ name: "k" }, { name: "Column2" }],
    notes: expect.arrayContaining([expect.stringContaining(refusal), expect.stringContaining("WITH does not exist")]),
    result: { orderBy: "_customobjectkey" },
  });
  expect(first).not.toHaveProperty("truncated");
  expect(await createsAfter(before)).toBe(2);
  const between = (await callsOf(world)).length;
  const second = await over(sql);
  expect(second).toMatchObject({ rowCount: 60, notes: expect.arrayContaining([expect.stringContaining(refusal)]) });
  expect(await createsAfter(between)).toBe(1);
});

test("a query that is refused both ways ends with the refusal of the user's own, and nothing is remembered", async () => {
  await world.ask("behaviours", { numberingRefused: true });
  await world.startBridge();
  const own = "SELECT ROW_NUMBER() OVER (ORDER BY CustomerKey) AS N FROM Customers";
  const run = await over(own);
  expect(run).toMatchObject({
    status: "failed",
    error: { code: "QUERY_FAILED", mce: expect.stringContaining(numbering) },
  });
  await world.ask("behaviours", { numberingRefused: false });
  expect(await over("SELECT CustomerKey FROM Customers")).toMatchObject({ result: { orderBy: "QPP_Order" } });
});

test.each([
  [
    "a column that is not grouped",
    "SELECT FirstName, COUNT(*) AS n FROM Customers GROUP BY FirstName ORDER BY Balance",
  ],
  ["a name of the result in an expression", "SELECT Balance AS p FROM Customers ORDER BY p + 1"],
  ["an aggregate without a group", "SELECT FirstName FROM Customers ORDER BY COUNT(*)"],
  ["a call without its argument", "SELECT FirstName FROM Customers ORDER BY LEN()"],
  ["a date part that does not exist", "SELECT FirstName FROM Customers ORDER BY DATEADD(xyz, 1, CreatedDate)"],
  ["a collation that does not exist", "SELECT FirstName FROM Customers ORDER BY 1, LastName COLLATE Nowhere"],
])("a wrong ORDER BY without TOP is refused, whether the check answers or not: %s", async (_what, sql) => {
  await world.startBridge();
  const checked = await over(sql);
  expect(checked).toMatchObject({ status: "failed", error: { code: "QUERY_FAILED", mce: expect.any(String) } });
  expect(checked.status === "failed" && checked.error.detail).toMatch(/^Line 1, column \d+: /);
  await world.ask("behaviours", { validateDown: true });
  expect(await over(sql)).toMatchObject({ status: "failed", error: { code: "QUERY_FAILED" } });
  const next = await over("SELECT CustomerKey FROM Customers ORDER BY CustomerKey DESC");
  expect(next).toMatchObject({ status: "ready", truncated: false, result: { orderBy: "QPP_Order" } });
  expect(next.notes.join()).not.toContain(refusal);
});

test("a plain result says that it is in no order, and not that its rows are numbered", async () => {
  await world.ask("behaviours", { numberingRefused: true });
  await world.startBridge();
  await over("SELECT TOP 5 CustomerKey FROM Customers");
  const run = await over("SELECT CustomerKey FROM Customers WHERE CustomerKey < 'C000100' ORDER BY CustomerKey DESC");
  expect(run).toMatchObject({ status: "ready", notes: [expect.stringContaining(refusal)] });
});

test("a start that has lost what it knew still sees that its table has no numbers", async () => {
  await world.ask("behaviours", { numberingRefused: true, durationMs: 2500 });
  const bridge = await world.startBridge();
  const { id, job } = world.accept("SELECT TOP 60 CustomerKey FROM Customers");
  await world.put(job);
  await expect.poll(() => world.edge.run(id).grant?.state).toBe("performed");
  await bridge.close();
  await world.redis.flushall();
  await world.startBridge();
  await world.put({ ...job, delivery: 2 });
  const run = await world.over(id);
  expect(run).toMatchObject({ status: "ready", rowCount: 60, result: { orderBy: "_customobjectkey" } });
  expect(run).not.toHaveProperty("truncated");
});

test("columns that no field can be called have fields of other names, and show their own", async () => {
  await world.startBridge();
  const run = await over("SELECT _CustomObjectKey, CustomerKey AS [a.b] FROM Customers WHERE 1 = 1");
  expect(run).toMatchObject({
    status: "ready",
    columns: [
      { name: "_CustomObjectKey", field: "CustomObjectKey", type: "Decimal" },
      { name: "a.b", field: "a_b" },
    ],
  });
});
