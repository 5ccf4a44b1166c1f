import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test, vi } from "vitest";
import type { RunView } from "#run/view.ts";
import { openApi, type Api } from "./support/api.ts";
import { openSandboxDoor, type SandboxDoor } from "./support/sandbox.ts";
import { useSharedStack } from "./support/share-stack.ts";
import { longTest } from "../support/tier.ts";
import { whereIs } from "./zero-data/stores.ts";

const stack = useSharedStack();
let alice: Api;
let sandbox: SandboxDoor;
beforeAll(() => {
  alice = openApi(stack);
  sandbox = openSandboxDoor(stack.sandbox);
});

const runOf = (data: string | undefined): RunView => JSON.parse(data ?? "{}");

test("a SELECT goes in, each status arrives by SSE, and typed rows come out", async () => {
  const sql = `SELECT TOP 3 c.CustomerKey, COUNT(*) AS Orders
    FROM Customers c JOIN Orders o ON o.CustomerKey = c.CustomerKey GROUP BY c.CustomerKey`;
  const { id } = await alice.submit(sql);
  const frames = await (await alice.follow(id)).rest();
  const told = frames.filter(({ event }) => event === "run").map(({ data }) => runOf(data));
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

test("dropping SSE in the middle and coming back with Last-Event-ID shows every later event exactly once", async () => {
  const { id } = await alice.submit("SELECT CustomerKey FROM Customers WHERE CustomerKey LIKE 'C%'");
  const seen: number[] = [];
  // Hangs up after every single event.
  for (let isOver = false; !isOver;) {
    const frames = await alice.follow(id, String(seen.at(-1) ?? 0));
    const run = await frames.nextRun();
    seen.push(run.version);
    isOver = run.status === "ready";
    await frames.hangUp();
  }
  expect(seen).toEqual(seen.map((_, index) => index + 1));
  const last = await alice.call(`/v1/runs/${id}/events`, { headers: { "last-event-id": String(seen.at(-1)) } });
  expect(last.status).toBe(204);
});

test("an edge killed with -9 while a query executes: the run continues, and a watcher that comes back misses nothing", async () => {
  await sandbox.behave({ durationMs: 5000 });
  // A shape of its own: what it took is learned, and later runs of its shape would be polled as rarely.
  const { id } = await alice.submit("SELECT TOP 2 CustomerKey AS Restarted FROM Customers");
  const before = await alice.follow(id);
  const seen: number[] = [];
  for (let run = await before.nextRun(); ; run = await before.nextRun()) {
    seen.push(run.version);
    if (run.phase === "executing") break;
  }
  await stack.restart("edge");
  await before.hangUp().catch(() => undefined);
  await vi.waitFor(async () => expect((await fetch(`${stack.edge}/healthz`)).ok).toBe(true), { timeout: 30_000 });
  const rest = await (await alice.follow(id, String(seen.at(-1)))).rest();
  const after = rest.filter(({ event }) => event === "run").map(({ data }) => runOf(data));
  const versions = [...seen, ...after.map(({ version }) => version)];
  expect(versions).toEqual(versions.map((_, index) => index + 1));
  expect(after.at(-1)).toMatchObject({ status: "ready", rowCount: 2 });
  expect(await sandbox.performs(id)).toBe(1);
  await sandbox.behave({ durationMs: 300 });
});

longTest("pages 1 to 50 of a result of 3,000 rows are disjoint and complete", async () => {
  const { id } = await alice.submit("SELECT TOP 3000 OrderID, Total FROM Orders");
  expect(await alice.over(id)).toMatchObject({ status: "ready", truncated: true });
  const keys = new Set<unknown>();
  for (let number = 1; number <= 50; number += 1) {
    const page = await alice.page(id, number);
    expect(page).toMatchObject({ pages: 50, accessibleRows: 2500, truncated: true });
    expect(page).not.toHaveProperty("totalRows");
    expect(page.rows).toHaveLength(50);
    for (const [key] of page.rows) keys.add(key);
  }
  expect(keys.size).toBe(2500);
  expect((await alice.call(`/v1/runs/${id}/results?page=51`)).status).toBe(422);
});

test("at most 4 calls precede Perform when folders and metadata are known (D14)", async () => {
  const sql = "SELECT TOP 5 EmailAddress, FirstName FROM Customers";
  await alice.over((await alice.submit(sql)).id);
  // The clean-up of that run and of those before it continues after their end, and is no call of the next one.
  await expect.poll(() => sandbox.strays(alice), { timeout: 30_000 }).toEqual([]);
  const before = await sandbox.seq();
  const { id } = await alice.submit(sql);
  expect((await alice.over(id)).status).toBe("ready");
  const calls = (await sandbox.ledger(before)).flatMap(({ call }) => (call === undefined ? [] : [call]));
  const perform = calls.indexOf("SOAP Perform");
  expect(perform).toBeGreaterThan(0);
  expect(calls.slice(0, perform + 1).length).toBeLessThanOrEqual(4);
});

test("a snippet may have any name; the Data Extension's name is legal", async () => {
  const names = ["n".repeat(500), `<b>&"'\u{1F98A}\u0007\n x`, "\u{1F98A}<>&"];
  const runs = await Promise.all(
    names.map((snippetName) => alice.submit("SELECT TOP 1 CustomerKey FROM Customers", { snippetName })),
  );
  const ends = await Promise.all(runs.map(({ id }) => alice.over(id)));
  expect(ends.map(({ status }) => status)).toEqual(["ready", "ready", "ready"]);
  const { dataExtensions } = await sandbox.state();
  const made = runs.map(({ id }) => dataExtensions.find(({ key }) => key.includes(id))?.name);
  const hash = (index: number) => runs[index]?.id.slice(0, 4);
  expect(made).toEqual([`QPP_${"n".repeat(55)}_${hash(0)}`, `QPP_b x_${hash(1)}`, `QPP_Results_${hash(2)}`]);
});

test("bad input is refused where it arrives and never reaches Marketing Cloud", async () => {
  const before = await sandbox.seq();
  const answers = [
    await alice.post("/v1/runs", "{sql:"),
    await alice.post("/v1/runs", { sql: "SELECT 1 AS A", colour: "red" }),
    await alice.post("/v1/runs", { sql: "" }),
    await alice.post("/v1/runs", { sql: "SELECT 1 AS A; DROP TABLE Customers" }),
    await alice.post("/v1/runs", { sql: "UPDATE Customers SET FirstName = ''" }),
    await alice.post("/v1/runs", { sql: "SELECT 'abc" }),
    await alice.post("/v1/runs", { sql: `SELECT '${"x".repeat(100_000)}' AS A` }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([400, 422, 422, 422, 422, 422, 413]);
  // A later run has got through, so theirs would have, too.
  const { id } = await alice.submit("SELECT TOP 1 CustomerKey FROM Customers");
  await alice.over(id);
  const created = (await sandbox.ledger(before)).filter(({ call }) => call?.startsWith("SOAP Create"));
  expect(created.map(({ call }) => call)).toEqual(["SOAP Create DataExtension", "SOAP Create QueryDefinition"]);
});

test("what curl sees: one run for a key, wait, cancel, and nothing of other users", async () => {
  await sandbox.behave({ durationMs: 60_000 });
  const headers = { "idempotency-key": "one" };
  const body = { sql: "SELECT CustomerKey FROM Customers" };
  const [first, again] = [await alice.post("/v1/runs", body, headers), await alice.post("/v1/runs", body, headers)];
  // The shape is the API's Run.
  const { id } = (await first.json()) as RunView;
  expect([first.status, again.status, ((await again.json()) as RunView).id]).toEqual([202, 202, id]);
  const executing = async () => (await alice.call(`/v1/runs/${id}?wait=5`)).json();
  await vi.waitFor(async () => expect(await executing()).toMatchObject({ phase: "executing" }), { timeout: 30_000 });
  for (const person of ["bob", "carol"] as const) {
    const other = openApi(stack, person);
    for (const path of ["", "/events", "/results"])
      expect((await other.call(`/v1/runs/${id}${path}`)).status).toBe(404);
    expect((await other.post(`/v1/runs/${id}/cancel`, "")).status).toBe(404);
  }
  const startedAt = Date.now();
  const canceled = await alice.post(`/v1/runs/${id}/cancel`, "");
  expect([canceled.status, await canceled.json(), Date.now() - startedAt < 2000]).toMatchObject([
    202,
    { status: "canceled" },
    true,
  ]);
  expect((await alice.post(`/v1/runs/${id}/cancel`, "")).status).toBe(200);
  expect(await (await fetch(`${stack.edge}/healthz`)).json()).toEqual({ ok: true });
  await sandbox.behave({ durationMs: 300 });
});

test("no row value and no SQL is found in Redis, Postgres, the objects' storage or a log (R13, D2)", async () => {
  const canary = "Canary4711x";
  const rows = `SELECT TOP 60 EmailAddress, '${canary}' AS Mark FROM Customers`;
  const [read, refused] = [
    await alice.submit(rows),
    await alice.submit(`SELECT CAST('${canary}' AS INT) AS A FROM Customers`),
  ];
  expect((await alice.over(read.id)).status).toBe("ready");
  const page = await alice.page(read.id, 1);
  await alice.page(read.id, 2);
  expect(page.rows[0]?.[1]).toBe(canary);
  const failed = await alice.over(refused.id);
  expect(failed).toMatchObject({ status: "failed", error: { code: "QUERY_FAILED", mce: expect.any(String) } });
  expect(JSON.stringify(failed)).not.toContain(canary);
  const values = page.rows.flatMap(([email]) => (email === null || email === undefined ? [] : [String(email)]));
  const stray = [canary, "SELECT TOP 60", "FROM Customers", ...values];
  expect(await whereIs(stack, stray)).toEqual([]);
  // The scan does find things: the run's id is in every store.
  const control = await whereIs(stack, [read.id]);
  const sinks = ["Redis stream", "Postgres rows", "Postgres files", "objects' SQLite", "log of the bridge"];
  expect(control.map(({ sink }) => sink)).toEqual(expect.arrayContaining(sinks));
});

test("the trace of the caller's request is in every line of the bridge's log about its run", async () => {
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;
  const answer = await alice.post("/v1/runs", { sql: "SELECT TOP 1 CustomerKey FROM Customers" }, { traceparent });
  expect(answer.headers.get("x-trace-id")).toBe(traceId);
  const { id }: RunView = await answer.json();
  expect((await alice.over(id)).status).toBe("ready");
  const log = await readFile(join(stack.dir, "logs", "bridge.log"), "utf8");
  const own = log.split("\n").filter((line) => line.includes(id));
  expect(own.some((line) => line.includes('"call":"SOAP Perform"'))).toBe(true);
  expect(own.filter((line) => !line.includes(`"traceId":"${traceId}"`))).toEqual([]);
});

test("in the end Marketing Cloud has nothing of ours except results that can still be read", async () => {
  await expect.poll(() => sandbox.strays(alice)).toEqual([]);
});
