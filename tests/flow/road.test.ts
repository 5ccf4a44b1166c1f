import { afterAll, beforeAll, expect, test } from "vitest";
import type { Api } from "./support/api.ts";
import { openApi } from "./support/api.ts";
import type { TestStack } from "./support/stack.ts";
import { startStack } from "./support/stack.ts";

let stack: TestStack;
let alice: Api;
beforeAll(async () => {
  stack = await startStack({ SANDBOX_DURATION_MS: "1000" });
  alice = openApi(stack);
});
afterAll(() => stack.stop());

test("a SELECT goes in, each status is told by SSE, and typed rows come out", async () => {
  const sql =
    "SELECT TOP 3 c.CustomerKey, COUNT(*) AS Orders FROM Customers c JOIN Orders o ON o.CustomerKey = c.CustomerKey GROUP BY c.CustomerKey";
  const { id } = await alice.submit(sql, { snippetName: "Orders of each" });
  const frames = await (await alice.follow(id)).rest();
  const told = frames.flatMap(({ event, data }) => (event === "run" ? [JSON.parse(data ?? "")] : []));
  expect(told.map(({ status, phase }) => phase ?? status)).toEqual([
    "queued",
    "preparing",
    "preparing",
    "executing",
    "confirming",
    "ready",
  ]);
  expect(frames.at(-1)).toEqual({ event: "end", data: "{}" });
  const page = await alice.page(id, 1);
  expect(page).toMatchObject({ page: 1, pages: 1, totalRows: 3, accessibleRows: 3, truncated: false });
  expect(page.columns.map(({ name, type }) => [name, type])).toEqual([
    ["CustomerKey", "Text"],
    ["Orders", "Number"],
  ]);
  expect(page.rows).toHaveLength(3);
  expect(page.rows.map((row) => row.map((cell) => typeof cell))).toEqual(page.rows.map(() => ["string", "number"]));
});
