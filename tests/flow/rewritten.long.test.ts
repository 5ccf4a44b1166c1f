import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openApi, type Api, type Page } from "./support/api.ts";
import { openSandboxDoor, type SandboxDoor } from "./support/sandbox.ts";
import { startStack, type TestStack } from "./support/stack.ts";
import { whereIs } from "./zero-data/stores.ts";

let stack: TestStack;
let alice: Api;
let sandbox: SandboxDoor;
beforeAll(async () => {
  stack = await startStack({ SANDBOX_DURATION_MS: "300" });
  alice = openApi(stack);
  sandbox = openSandboxDoor(stack.sandbox);
});
afterAll(() => stack.stop());

const mid = 7_000_001;

/** A finished run, and all rows that its pages show. */
async function resultOf(sql: string, rest: Parameters<Api["submit"]>[1] = {}) {
  const { id } = await alice.submit(sql, rest);
  const run = await alice.over(id);
  if (run.status !== "ready") throw new Error(JSON.stringify(run));
  const first = await pageOf(id, 1);
  const rows = [...first.rows];
  for (let page = 2; page <= first.pages; page += 1) rows.push(...(await pageOf(id, page)).rows);
  return { run, first, rows };
}

/** A page, asked for again while the budget of calls to Marketing Cloud says so. */
async function pageOf(id: string, page: number): Promise<Page> {
  const path = `/v1/runs/${id}/results?page=${page}`;
  let answer = await alice.call(path);
  for (; answer.status === 503; answer = await alice.call(path)) {
    await setTimeout(1000 * Number(answer.headers.get("retry-after") ?? 1));
  }
  if (!answer.ok) throw new Error(`page ${page}: ${answer.status} ${await answer.text()}`);
  // DESIGN 3 has the shape.
  return (await answer.json()) as Page;
}

/** The rows of the original, as SQL Server gives them. */
async function wantedOf(sql: string): Promise<string[][]> {
  const { rows } = await sandbox.ask<{ rows: (string | null)[][] }>("sql", { sql, mid, as: "server" });
  return rows.map((row) => row.map(String));
}

const asText = (rows: readonly (readonly unknown[])[]): string[][] => rows.map((row) => row.map(String));

const inlined = "WITH does not exist in Marketing Cloud: its common table expressions run as derived tables";
const numbered = expect.stringMatching(/^ORDER BY without TOP does not exist in Marketing Cloud/);

test("two common table expressions with column lists, and an order without TOP", async () => {
  const sql = `WITH orders_of (k, n) AS (SELECT CustomerKey, COUNT(*) FROM Orders GROUP BY CustomerKey),
    -- the busy ones
    busy (who, many) AS (SELECT k, n FROM orders_of WHERE n > 2)
    SELECT b.who, b.many, c.Country FROM busy b JOIN Customers c ON c.CustomerKey = b.who ORDER BY b.many DESC, 1`;
  const { run, rows, first } = await resultOf(sql);
  expect(run.notes).toEqual([inlined, numbered]);
  expect(first.columns.map(({ name }) => name)).toEqual(["who", "many", "Country"]);
  const wanted = await wantedOf(sql);
  expect(wanted.length).toBeGreaterThan(10);
  expect(asText(rows)).toEqual(wanted);
});

test("an order without TOP over DISTINCT", async () => {
  const sql = "SELECT DISTINCT Country, LEFT(CustomerKey, 3) AS Start FROM Customers ORDER BY Country DESC, Start";
  const { run, rows } = await resultOf(sql);
  expect(run.notes).toEqual([numbered]);
  expect(asText(rows)).toEqual(await wantedOf(sql));
});

test("columns that no field can be called", async () => {
  const { run, first } = await resultOf(
    "SELECT _CustomObjectKey, CustomerKey AS [a.b (%)], CustomerKey FROM Customers WHERE CustomerKey IS NOT NULL",
  );
  expect(run.columns?.map((column) => Object.keys(column).includes("field"))).toEqual([false, false, false]);
  expect(first.columns.map(({ name }) => name)).toEqual(["_CustomObjectKey", "a.b (%)", "CustomerKey"]);
  expect(run.notes).toEqual([
    "No field can be called _CustomObjectKey: in Marketing Cloud it is CustomObjectKey",
    "No field can be called a.b (%): in Marketing Cloud it is a_b ___",
  ]);
  for (const [key, one, other] of first.rows) {
    expect([Number(key) > 0, typeof one, one]).toEqual([true, "string", other]);
  }
});

test("parameters are literals of their types, and no store or log has their values", async () => {
  const secret = "O'Hara-Kanarie";
  const sql =
    "SELECT CustomerKey, @text AS T, @n AS N, @d AS D, @flag AS F, @none AS X FROM Customers WHERE CustomerKey <> @text AND Balance > @n ORDER BY CustomerKey";
  const parameters = [
    { name: "text", type: "text", value: secret },
    { name: "n", type: "decimal", value: "-0.5" },
    { name: "d", type: "date", value: "2026-01-15T10:30:00" },
    { name: "flag", type: "boolean", value: true },
    { name: "none", type: "number", value: null },
  ];
  const { run, first } = await resultOf(sql, { parameters });
  expect(first.columns.map(({ name, type }) => [name, type])).toEqual([
    ["CustomerKey", "Text"],
    ["T", "Text"],
    ["N", "Decimal"],
    ["D", "Date"],
    ["F", "Boolean"],
    ["X", "Text"],
  ]);
  const [, ...values] = first.rows[0] ?? [];
  expect(values).toEqual([secret, -0.5, expect.stringMatching(/^2026-01-15T10:30:00/), true, null]);
  const failing = await alice.submit("SELECT CAST(@text AS int) AS A FROM Customers", {
    parameters: parameters.slice(0, 1),
  });
  expect((await alice.over(failing.id)).status).toBe("failed");
  expect(JSON.stringify([run.notes, await alice.over(failing.id)])).not.toContain("Kanarie");
  expect(await whereIs(stack, ["Kanarie"])).toEqual([]);
});

test("the error of a run with parameters names places of the text that was sent", async () => {
  const sql =
    "SELECT CustomerKey, @text AS T, @text AS U, Nothing\nFROM Customers WHERE @text = CustomerKey AND Nowhere = 1";
  const parameters = [{ name: "text", type: "text", value: "a long one,\nin three\nlines" }];
  const failing = await alice.submit(sql, { parameters });
  const run = await alice.over(failing.id);
  expect(run.error?.detail.split("\n").map((line) => line.slice(0, 19))).toEqual([
    "Line 1, column 45: ",
    "Line 2, column 46: ",
  ]);
});

test("a table of 100,000 rows without WHERE is ready soon, and leaves 2,500 rows in Marketing Cloud", async () => {
  const before = performance.now();
  const { id } = await alice.submit("SELECT * FROM [Big List]");
  const run = await alice.over(id);
  const readyMs = performance.now() - before;
  expect(run).toMatchObject({ status: "ready", truncated: true });
  expect(run).not.toHaveProperty("rowCount");
  const { dataExtensions } = await sandbox.ask<{ dataExtensions: { key: string; rows: number }[] }>("state");
  expect(dataExtensions.find(({ key }) => key.includes(id))?.rows).toBe(2500);
  const last = await pageOf(id, 50);
  expect(last).toMatchObject({ pages: 50, accessibleRows: 2500, truncated: true, rows: { length: 50 } });
  const counted = await resultOf("SELECT * FROM [Big List]", { total: true });
  expect(counted.first).toMatchObject({ totalRows: 100_000, accessibleRows: 2500, truncated: true });
  expect(counted.run.rowCount).toBe(100_000);
  // A busy machine has other work, too; alone it takes a few seconds.
  expect(readyMs).toBeLessThan(30_000);
});

test("2,000 rows without an order, where Marketing Cloud ignores $orderBy and forgets snapshots", async () => {
  await sandbox.behave({ rowsetOrderBy: "ignore", rowsetTokenLifeMs: 1 });
  const { first, rows } = await resultOf(
    "SELECT TOP 2000 a.CustomerKey + '/' + b.CustomerKey AS P FROM Customers a CROSS JOIN Customers b",
  );
  await sandbox.behave({ rowsetOrderBy: "honour", rowsetTokenLifeMs: 1_200_000 });
  expect(first).toMatchObject({ totalRows: 2000, accessibleRows: 2000, truncated: false, pages: 40 });
  expect([rows.length, new Set(rows.map(String)).size]).toEqual([2000, 2000]);
});

test("what runs is shown by a check, and the portable text is one that Marketing Cloud takes", async () => {
  const sql = "WITH c AS (SELECT CustomerKey FROM Customers) SELECT CustomerKey, 1 FROM c ORDER BY CustomerKey";
  const answer = await alice.post("/v1/sql/check", { sql });
  // DESIGN 9 has the shape.
  const { runs, portable } = (await answer.json()) as { runs: string; portable: string };
  expect(runs).toContain(
    "FROM (SELECT CustomerKey, 1 FROM (SELECT CustomerKey FROM Customers) AS [c] ) AS [QPP_Query]",
  );
  const saved = await sandbox.ask<{ rows: unknown[] }>("sql", { sql: portable, mid });
  expect(saved.rows).toHaveLength((await wantedOf(sql)).length);
});
