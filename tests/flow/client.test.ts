import { beforeAll, expect, onTestFinished, test } from "vitest";
import { createClient, type Client } from "#client/client.ts";
import type { Row } from "#client/result-page.ts";
import type { RunState } from "#client/run-state.ts";
import { openCuttingProxy, type Cut } from "../support/cutting-proxy.ts";
import { isLong } from "../support/tier.ts";
import { openSandboxDoor, type SandboxDoor } from "./support/sandbox.ts";
import { useSharedStack } from "./support/share-stack.ts";

const stack = useSharedStack();
let sandbox: SandboxDoor;
beforeAll(() => {
  sandbox = openSandboxDoor(stack.sandbox);
});

const clientAt = (url: string): Client => createClient({ url, token: stack.tokens.alice });

async function statesOf(run: { watch: (options: { after: number }) => AsyncGenerator<RunState> }): Promise<RunState[]> {
  const seen: RunState[] = [];
  for await (const state of run.watch({ after: 0 })) seen.push(state);
  return seen;
}

const cuts = isLong ? 60 : 12;

test(`streams that are cut ${cuts} times lose nothing: each version comes once, in order`, async () => {
  await sandbox.behave({ durationMs: isLong ? 4000 : 1500 });
  // Spread over the first events, in the middle of lines and of characters, too.
  const cutAt = (nth: number): Cut => ({ bytes: (nth * 397) % 2500, ms: 150 + ((nth * 37) % 400) });
  const proxy = await openCuttingProxy(stack.edge, (nth) => (nth <= cuts ? cutAt(nth) : undefined));
  onTestFinished(() => proxy.close());
  const client = clientAt(proxy.url);
  const sql = "SELECT TOP 3 CustomerKey, N'Größe' AS Grösse FROM Customers";
  const runs = await Promise.all(Array.from({ length: isLong ? 8 : 2 }, () => client.run(sql)));
  const all = await Promise.all(runs.map(statesOf));
  for (const states of all) {
    expect(states.map(({ version }) => version)).toEqual(states.map((_, index) => index + 1));
    expect(states.at(-1)).toMatchObject({ status: "ready", rowCount: 3, columns: [{}, { name: "Grösse" }] });
  }
  expect(proxy.cuts()).toBeGreaterThanOrEqual(isLong ? 50 : 8);
  await sandbox.behave({ durationMs: 300 });
});

test("where no stream comes through, the client asks and still sees the end", async () => {
  const proxy = await openCuttingProxy(stack.edge, () => "refuse");
  onTestFinished(() => proxy.close());
  const run = await clientAt(proxy.url).run("SELECT TOP 1 CustomerKey FROM Customers");
  const states = await statesOf(run);
  expect(states.at(-1)).toMatchObject({ status: "ready", rowCount: 1 });
});

test("rows() brings all rows of several pages as objects, and cancel() ends a run at once", async () => {
  const client = clientAt(stack.edge);
  const run = await client.run("SELECT TOP 120 CustomerKey, Country FROM Customers ORDER BY CustomerKey");
  const rows: Row[] = [];
  for await (const row of run.rows()) rows.push(row);
  expect(rows).toHaveLength(120);
  expect(rows[0]).toEqual({ CustomerKey: "CK-000001", Country: "DE" });
  expect(new Set(rows.map((row) => row["CustomerKey"])).size).toBe(120);
  expect((await run.page(3)).rows).toHaveLength(20);

  await sandbox.behave({ durationMs: 20_000 });
  const slow = await client.run("SELECT TOP 2 CustomerKey FROM Customers");
  await slow.cancel();
  expect(await slow.done()).toMatchObject({ status: "canceled" });
  await expect(slow.rows().next()).rejects.toMatchObject({ code: "CANCELED" });
  await sandbox.behave({ durationMs: 300 });
});

test("the same Idempotency-Key is the same run; a refused query has its place; a strange run is not found", async () => {
  const client = clientAt(stack.edge);
  const idempotencyKey = "client-test-1";
  const [one, two] = await Promise.all([
    client.run("SELECT 1 AS A", { idempotencyKey }),
    client.run("SELECT 1 AS A", { idempotencyKey }),
  ]);
  expect(two.id).toBe(one.id);
  expect((await client.runs({ limit: 1 })).runs).toHaveLength(1);
  await expect(client.run("DELETE FROM Customers")).rejects.toMatchObject({
    code: "SQL_REJECTED",
    status: 422,
    diagnostics: [{ line: 1, column: 1 }],
  });
  await expect(client.open("0".repeat(30))).rejects.toMatchObject({ code: "RUN_NOT_FOUND", status: 404 });
  const carol = createClient({ url: stack.edge, token: stack.tokens.carol });
  await expect(carol.open(one.id)).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
  await expect(createClient({ url: stack.edge }).runs()).rejects.toMatchObject({
    code: "UNAUTHENTICATED",
    status: 401,
  });
});

test("rows that come in time come with the run; sort, find and discard work on its result", async () => {
  let calls = 0;
  const counting: typeof fetch = (...call) => {
    calls += 1;
    return fetch(...call);
  };
  const client = createClient({ url: stack.edge, token: stack.tokens.alice, fetch: counting });
  const run = await client.run("SELECT CustomerKey, LoyaltyPoints, Country FROM Customers", { waitSeconds: 25 });
  expect(run.state).toMatchObject({ status: "ready", rowCount: 429 });
  expect((await run.page()).rows).toHaveLength(50);
  expect(calls).toBe(1);

  const points = async (page: number) =>
    (await run.page(page, { sort: "loyaltypoints", desc: true })).rows.map(([, value]) => value);
  const sorted = [...(await points(1)), ...(await points(2))].map(Number);
  expect(sorted).toEqual(sorted.toSorted((one, other) => other - one));
  const found = await run.page(1, { find: "ck-00001", sort: "CustomerKey" });
  expect(found.rows.map(([key]) => key)).toEqual(expect.arrayContaining(["CK-000010"]));
  expect(found.rows.filter(([key]) => !String(key).startsWith("CK-00001"))).toEqual([]);
  await expect(run.page(1, { sort: "Nope" })).rejects.toMatchObject({ code: "INVALID_BODY", status: 422 });

  await run.discard();
  await expect(run.page(1)).rejects.toMatchObject({ code: "RESULT_EXPIRED", status: 410 });
});
