import { expect, test } from "vitest";
import { customerKeyOf, folderName } from "#run/names.ts";
import { runTraceStream, runLogField, runLogStream } from "#protocol/redis-keys.ts";
import { Trace } from "#protocol/trace.ts";
import type { RunId } from "#protocol/ids.ts";
import { callsOf } from "./support/ledger.ts";
import { useWorld } from "./support/use-world.ts";
import { tenancy } from "./support/world.ts";

const world = useWorld({ behaviours: { durationMs: 300 } });

type State = {
  folders: { id: number; name: string; contentType: string }[];
  dataExtensions: { key: string; name: string; folderId: number; rows: number }[];
  queries: { key: string; folderId: number; status: string }[];
};

const state = () => world.ask<State>("state");
const putAgain = (runId: RunId, delivery: number) =>
  world.put({ kind: "run", runId, ...tenancy, flow: "run-to-temp", delivery });
const tracesOf = async (id: RunId) => {
  const entries = await world.redis.xrange(runTraceStream(id), "-", "+");
  return entries.map(([, [, text]]) => Trace.parse(JSON.parse(text ?? "")));
};
const statuses = (id: RunId) =>
  world.edge.versions(id).map((run) => (run.status === "running" ? run.phase : run.status));

test("a SELECT becomes ready with its columns and row count, step by step", async () => {
  await world.startBridge();
  const id = await world.submit("SELECT 'x' AS Mark, COUNT(*) AS Total FROM Customers");
  const run = await world.over(id);
  expect(run).toMatchObject({
    status: "ready",
    columns: [
      { name: "Mark", type: "Text" },
      { name: "Total", type: "Number" },
    ],
    result: { customerKey: customerKeyOf(id, 1), requestToken: expect.any(String) },
  });
  const table = (await state()).dataExtensions.find(({ key }) => key === customerKeyOf(id, 1));
  expect(run.status === "ready" && run.rowCount).toBe(table?.rows);
  expect(table?.rows).toBeGreaterThan(0);
  expect(statuses(id)).toEqual(["queued", "preparing", "preparing", "executing", "confirming", "ready"]);
});

test("the query of a ready run is deleted at once and its table stays, both noted", async () => {
  await world.startBridge();
  const id = await world.submit("SELECT * FROM Customers", { snippetName: "My <Snippet> 'x' 🎉" });
  await world.over(id);
  await expect
    .poll(() => world.edge.ledger(id).map((entry) => [entry.asset, entry.state]))
    .toEqual([
      ["queryDefinition", "deleted"],
      ["dataExtension", "created"],
    ]);
  const { folders, dataExtensions, queries } = await state();
  const folder = folders.find(({ name, contentType }) => name === folderName && contentType === "dataextension");
  const table = dataExtensions.find(({ key }) => key === customerKeyOf(id, 1));
  expect(table).toMatchObject({ name: `QPP_My Snippet x_${id.slice(0, 4)}`, folderId: folder?.id });
  expect(queries.filter(({ status }) => status === "Active")).toEqual([]);
});

test("with warm caches at most 4 calls go to MCE one after another before Perform (D14)", async () => {
  await world.startBridge();
  const sql = "SELECT * FROM Customers";
  const first = await world.submit(sql);
  await world.over(first);
  // Its clean-up continues after its end, and does not count as calls of the next one.
  await expect.poll(() => world.edge.ledger(first).some(({ state: known }) => known === "deleted")).toBe(true);
  const before = (await callsOf(world)).length;
  await world.over(await world.submit(sql));
  const after = (await callsOf(world)).slice(before);
  const upToPerform = after.slice(0, after.indexOf("SOAP Perform") + 1).filter((call) => !call.includes("Delete"));
  expect(upToPerform.length).toBeLessThanOrEqual(4);
  expect(upToPerform).toEqual([
    "REST validate",
    "SOAP Create DataExtension",
    "SOAP Create QueryDefinition",
    "SOAP Perform",
  ]);
});

test("every transition is in the run's Redis stream, in order, for a day", async () => {
  await world.startBridge();
  const id = await world.submit("SELECT * FROM Customers");
  await world.over(id);
  await expect.poll(() => world.edge.ledger(id).some(({ state: known }) => known === "deleted")).toBe(true);
  const entries = await world.redis.xrange(runLogStream(id), "-", "+");
  const logged = entries.map(([, fields]) => JSON.parse(fields[fields.indexOf(runLogField) + 1] ?? ""));
  expect(logged.map(({ seq }) => seq)).toEqual(logged.map((_, index) => index + 1));
  expect(logged.map(({ type }) => type)).toContain("ready");
  expect(await world.redis.ttl(runLogStream(id))).toBeGreaterThan(86_000);
});

test("the calls of a run are kept for ?debug=1, without any text of Marketing Cloud", async () => {
  await world.startBridge();
  const id = await world.submit("SELECT * FROM Customers");
  await world.over(id);
  await expect.poll(() => world.edge.ledger(id).some(({ state: known }) => known === "deleted")).toBe(true);
  await expect.poll(() => world.redis.exists(runTraceStream(id))).toBe(1);
  const calls = (await tracesOf(id)).flatMap((trace) => trace.calls);
  const names = calls.map(({ call }) => call);
  for (const name of ["SOAP Create DataExtension", "SOAP Perform", "REST rowset", "SOAP Delete QueryDefinition"]) {
    expect(names).toContain(name);
  }
  expect(new Set(calls.map(({ outcome }) => outcome))).toEqual(new Set(["ok"]));
  expect(calls.map(({ at }) => Math.abs(at - Date.now())).every((ms) => ms < 60_000)).toBe(true);
  expect(await world.redis.ttl(runTraceStream(id))).toBeGreaterThan(86_000);
});

test("the verdict of every poll is kept for ?debug=1, including an unsure one that changed later", async () => {
  await world.ask("behaviours", { durationMs: 5000, statusStuck: true });
  await world.ask("faults", [{ call: "REST isrunning", nth: 2, status: 200, body: '{"isRunning":false}' }]);
  await world.startBridge({ settleMs: 1000 });
  const id = await world.submit("SELECT * FROM Customers");
  expect((await world.over(id)).status).toBe("ready");
  const kept = async () => (await tracesOf(id)).flatMap(({ verdicts }) => verdicts);
  await expect.poll(kept).toContainEqual(expect.objectContaining({ verdict: "done" }));
  const verdicts = await kept();
  expect(verdicts.slice(0, 3)).toMatchObject([
    { n: 1, verdict: "running", isRunning: true },
    { n: 1, verdict: "unsure", why: "not-settled", isRunning: false, status: "queued" },
    { n: 1, verdict: "running", isRunning: true, wasRunning: true },
  ]);
  expect(verdicts.at(-1)).toMatchObject({ verdict: "done", why: "stopped-after-running" });
});

test("no SQL and no row is in Redis or in the log (R13)", async () => {
  await world.startBridge();
  const id = await world.submit("SELECT 'canary-4711' AS Canary FROM Customers");
  expect((await world.over(id)).status).toBe("ready");
  const keys = await world.redis.keys("*");
  const dump = await Promise.all(keys.map(async (key) => String(await world.redis.dumpBuffer(key))));
  expect(dump.join("\n")).not.toContain("canary-4711");
  expect(JSON.stringify(world.logged)).not.toContain("canary-4711");
});

test("a query MCE refuses to save ends the run with MCE's words and leaves nothing behind", async () => {
  // With the checker down the error only shows when the query is saved.
  await world.ask("behaviours", { validateDown: true });
  await world.startBridge();
  const id = await world.submit("SELECT Nothing FROM NoSuchTable");
  const run = await world.over(id);
  expect(run).toMatchObject({
    status: "failed",
    error: { code: "QUERY_FAILED", title: "A table does not exist", mce: expect.stringMatching(/NoSuchTable/) },
  });
  const tables = async () => (await state()).dataExtensions.filter(({ key }) => key.startsWith("QPP_"));
  await expect.poll(tables).toEqual([]);
  await expect.poll(() => world.edge.ledger(id).map((entry) => entry.state)).toEqual(["deleted", "deleted"]);
});

test("a query that fails in MCE ends the run with MCE's words, row values masked", async () => {
  await world.ask("behaviours", {
    durationMs: 300,
    errorMsg: "Conversion failed when converting the varchar value 'Secret Name' to data type int.",
    // The second shell fails the same way: the query causes it.
    errorTimes: 2,
  });
  await world.startBridge();
  const id = await world.submit("SELECT * FROM Customers");
  const run = await world.over(id);
  expect(run).toMatchObject({ status: "failed", error: { code: "QUERY_FAILED", fix: expect.any(String) } });
  expect(run.status === "failed" && run.error.mce).toMatch(/Conversion failed/);
  expect(JSON.stringify(run)).not.toContain("Secret Name");
});

test("a query of 0 rows is ready with its columns", async () => {
  await world.startBridge();
  const run = await world.over(await world.submit("SELECT 'x' AS Mark FROM Customers WHERE 1 = 0"));
  expect(run).toMatchObject({ status: "ready", rowCount: 0, columns: [{ name: "Mark" }] });
});

test("folders are made once, found again and cached in Postgres", async () => {
  await world.startBridge();
  await world.over(await world.submit("SELECT * FROM Customers"));
  await world.query("delete from sqe.tenant_settings");
  await world.over(await world.submit("SELECT * FROM Customers"));
  const own = (await state()).folders.filter(({ name }) => name === folderName);
  expect(own.map(({ contentType }) => contentType).sort()).toEqual(["dataextension", "queryactivity"]);
});

test("the table of an expired result is deleted when the object asks, and not before", async () => {
  await world.startBridge();
  const id = await world.submit("SELECT * FROM Customers");
  await world.over(id);
  const ledger = () => world.edge.ledger(id).map((entry) => [entry.asset, entry.state]);
  await expect.poll(() => ledger()[0]).toEqual(["queryDefinition", "deleted"]);
  await putAgain(id, 2);
  await expect.poll(() => world.logged.at(-1)).toMatchObject({ event: "claimed", task: "none" });
  expect(ledger()).toContainEqual(["dataExtension", "created"]);
  world.edge.skewMs = 24 * 60 * 60_000 + 1000;
  await putAgain(id, 3);
  await expect.poll(ledger).toContainEqual(["dataExtension", "deleted"]);
  expect((await state()).dataExtensions.some(({ key }) => key === customerKeyOf(id, 1))).toBe(false);
});

test("a query that could not be deleted is deleted when the object asks again; its table stays", async () => {
  await world.ask("faults", [{ call: "SOAP Delete QueryDefinition", times: 3, status: 503 }]);
  await world.startBridge({ retryMinMs: 10 });
  const id = await world.submit("SELECT * FROM Customers");
  await world.over(id);
  await expect.poll(() => world.logged.at(-1)).toMatchObject({ event: "clean-up unfinished", count: 1 });
  await putAgain(id, 2);
  await expect.poll(() => world.edge.ledger(id).map((entry) => entry.state)).toEqual(["deleted", "created"]);
  expect((await state()).dataExtensions.some(({ key }) => key === customerKeyOf(id, 1))).toBe(true);
});

test("three runs of one snippet at once do not disturb each other and share the creation of folders", async () => {
  await world.ask("faults", [{ call: "SOAP Retrieve DataFolder", times: 20, delayMs: 200 }]);
  await world.startBridge();
  const sql = "SELECT * FROM Customers";
  const ids = await Promise.all([1, 2, 3].map(() => world.submit(sql, { snippetName: "Same" })));
  const runs = await Promise.all(ids.map((id) => world.over(id)));
  expect(runs.map(({ status }) => status)).toEqual(["ready", "ready", "ready"]);
  const own = (await state()).folders.filter(({ name }) => name === folderName);
  expect(own).toHaveLength(2);
  // They share one search, so that none of them loses the race for the name.
  expect((await callsOf(world)).filter((call) => call === "SOAP Create DataFolder")).toHaveLength(2);
});
