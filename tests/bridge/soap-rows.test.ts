import { describe, expect, test } from "vitest";
import { customerKeyOf } from "#run/names.ts";
import type { Run } from "#run/run.ts";
import { viewOf } from "#run/view.ts";
import { callsOf } from "./support/ledger.ts";
import { useWorld } from "./support/use-world.ts";
import { tenancy } from "./support/world.ts";

const world = useWorld({ behaviours: { durationMs: 150 } });

const patienceMs = 1800;
const waits = {
  pollMinMs: 60,
  pollMaxMs: 400,
  notRunningGraceMs: 300,
  settleMs: 60,
  stoppedAloneMs: 100,
  rowsetPatienceMs: patienceMs,
  // Divided by thirty, like the patience.
  brakeMs: 150,
  readTimeoutMs: 1500,
};

const sql = "SELECT CustomerKey, Country FROM Customers";
const orderedSql = "SELECT TOP 120 CustomerKey FROM Customers ORDER BY CustomerKey DESC";

async function rowsOf(text: string): Promise<number> {
  return (await world.ask<{ rows: unknown[] }>("sql", { sql: text, mid: tenancy.mid })).rows.length;
}

async function runOf(text: string): Promise<{ run: Run; tookMs: number }> {
  const from = performance.now();
  const run = await world.over(await world.submit(text));
  return { run, tookMs: performance.now() - from };
}

/** How often the rowset is asked for while a run goes on. */
async function rowsetCallsOf(run: Promise<unknown>): Promise<number> {
  const count = async () => (await callsOf(world)).filter((call) => call === "REST rowset").length;
  const before = await count();
  await run;
  return (await count()) - before;
}

const errorOf = (run: Run) => (run.status === "failed" ? run.error : undefined);
const soapDown = { call: "SOAP Retrieve DataExtensionObject", as: "server-error", times: 1000 };
const retrieved = (overall: string, rows = "") =>
  `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><RetrieveResponseMsg xmlns="http://exacttarget.com/wsdl/partnerAPI"><OverallStatus>${overall}</OverallStatus><RequestID>r</RequestID>${rows}</RetrieveResponseMsg></soap:Body></soap:Envelope>`;

describe("a query whose rowset never answers", () => {
  test.each([404, 400, 403, 500, 503])("has its rows read by SOAP: %i", async (rowsetDown) => {
    await world.ask("behaviours", { rowsetDown });
    await world.startBridge(waits);
    const { run } = await runOf(sql);
    expect(run).toMatchObject({ status: "ready", rowCount: await rowsOf(sql), result: { readBy: "soap" } });
  });

  test.each([
    ["an empty 500", [{ status: 500, body: "" }]],
    ["HTML with 200", [{ status: 200, body: "<html>Busy</html>", headers: { "content-type": "text/html" } }]],
    ["JSON that is no page", [{ status: 200, body: { message: "ok" } }]],
    ["a cut answer", [{ truncateAt: 40 }]],
    ["a cut connection", [{ drop: "before" }]],
    ["silence", [{ hang: true }]],
    ["401 though the token is good", [{ as: "token-expired" }]],
    [
      "one after the other",
      [{ status: 404, body: {} }, { status: 500, body: "" }, { drop: "after" }, { status: 400, body: {} }].map(
        (fault) => ({
          ...fault,
          times: 1,
        }),
      ),
    ],
  ])("has its rows read by SOAP: %s", async (_, faults) => {
    const rest = { call: "REST rowset", status: 404, body: {}, times: 1000 };
    const ordered = faults.map((fault) => ({ call: "REST rowset", times: 1000, ...fault }));
    await world.ask("faults", [...ordered, rest]);
    await world.startBridge(waits);
    const { run } = await runOf(sql);
    expect(run).toMatchObject({ status: "ready", rowCount: await rowsOf(sql), result: { readBy: "soap" } });
  });

  test("is retried long enough for a rowset that is only late", async () => {
    await world.ask("behaviours", { rowsetLateMs: 500 });
    await world.startBridge(waits);
    const { run } = await runOf(sql);
    expect(run).toMatchObject({ status: "ready", rowCount: await rowsOf(sql) });
    expect(run).not.toHaveProperty("result.readBy");
  });

  test("makes the next run of that account use SOAP at once, until its rowset answers again", async () => {
    await world.ask("behaviours", { rowsetDown: 404 });
    await world.startBridge(waits);
    expect(await rowsetCallsOf(runOf(sql))).toBeGreaterThan(1);
    const second = runOf(sql);
    expect(await rowsetCallsOf(second)).toBe(1);
    expect((await second).run).toMatchObject({ status: "ready", result: { readBy: "soap" } });
    await world.ask("behaviours", { rowsetDown: null });
    const third = await runOf(sql);
    expect(third.run).toMatchObject({ status: "ready" });
    expect(third.run).not.toHaveProperty("result.readBy");
    await world.ask("behaviours", { rowsetDown: 404 });
    expect(await rowsetCallsOf(runOf(sql))).toBeGreaterThan(1);
  });

  test("is ordered by the query's own numbers, else by MCE's row number, else not at all", async () => {
    await world.ask("behaviours", { rowsetDown: 404 });
    await world.startBridge(waits);
    expect((await runOf(orderedSql)).run).toMatchObject({
      rowCount: 120,
      result: { orderBy: "QPP_Order", readBy: "soap" },
    });
    expect((await runOf(sql)).run).toMatchObject({ result: { orderBy: "QPP_Order", readBy: "soap" } });
    await world.ask("behaviours", { numberingRefused: true });
    expect((await runOf(sql)).run).toMatchObject({ result: { orderBy: "_customobjectkey", readBy: "soap" } });
    await world.ask("behaviours", { soapRowKey: "refuse" });
    const { run } = await runOf(sql);
    expect(run).toMatchObject({ status: "ready", result: { readBy: "soap" } });
    expect(run).not.toHaveProperty("result.orderBy");
  });

  test("has as many rows as the status row counts when one answer does not bring them all", async () => {
    await world.ask("behaviours", { rowsetDown: 404, batchSize: 100 });
    await world.startBridge(waits);
    const { run } = await runOf(orderedSql);
    expect(run).toMatchObject({ status: "ready", rowCount: 120 });
    expect(run.notes).toContainEqual(expect.stringContaining("not those that come first"));
  });

  test("has as many rows as its own count tells, else an unknown number", async () => {
    await world.ask("behaviours", { rowsetDown: 404, batchSize: 100, statusStuck: true });
    await world.startBridge(waits);
    const look = await runOf(sql);
    expect(look.run).toMatchObject({ status: "ready", rowCount: 429, truncated: false });
    await world.ask("behaviours", { numberingRefused: true });
    const { run } = await runOf(sql);
    expect(run).toMatchObject({ status: "ready", result: { readBy: "soap" } });
    expect(run).not.toHaveProperty("rowCount");
  });

  test("is ready on no rows only when MCE shows the table to the same user", async () => {
    await world.ask("behaviours", { rowsetDown: 404 });
    await world.startBridge(waits);
    expect((await runOf(`${sql} WHERE 1 = 0`)).run).toMatchObject({ status: "ready", rowCount: 0 });
    await world.ask("behaviours", { statusStuck: true });
    expect((await runOf(`${sql} WHERE 1 = 0`)).run).toMatchObject({ status: "ready", rowCount: 0 });
  });

  test("keeps its order when the queue has lost everything", async () => {
    await world.ask("behaviours", { rowsetDown: 404, durationMs: 2500 });
    const bridge = await world.startBridge(waits);
    const { id, job } = world.accept(orderedSql);
    await world.put(job);
    await expect.poll(() => world.edge.run(id).grant?.state).toBe("performed");
    await bridge.close();
    await world.redis.flushall();
    await world.startBridge(waits);
    await world.put({ ...job, delivery: 2 });
    expect(await world.over(id)).toMatchObject({ status: "ready", result: { orderBy: "QPP_Order", readBy: "soap" } });
  });
});

describe("a query whose rows cannot be read at all", () => {
  test.each([
    ["SOAP is down too", soapDown, "fault"],
    [
      "SOAP refuses",
      { ...soapDown, as: undefined, status: 200, body: retrieved("Error: API Permission Failed.") },
      "API Permission Failed.",
    ],
    ["SOAP shows none of them", { ...soapDown, as: undefined, status: 200, body: retrieved("OK") }, "no rows"],
    [
      "SOAP answers nonsense",
      { ...soapDown, as: undefined, status: 200, body: "<html/>" },
      "not a RetrieveResponseMsg",
    ],
  ])("fails, says that it has ended, and keeps its table: %s", async (_, fault, words) => {
    await world.ask("behaviours", { rowsetDown: 403 });
    await world.ask("faults", [fault]);
    await world.startBridge(waits);
    const { run, tookMs } = await runOf(sql);
    expect(errorOf(run)).toMatchObject({
      code: "QUERY_FAILED",
      title: "The query has ended, but its rows cannot be read",
      mce: expect.stringContaining(words),
    });
    expect(errorOf(run)?.detail).toMatch(/"QPP_Results_\w+"/);
    expect(tookMs).toBeLessThan(patienceMs + 3000);
    const key = customerKeyOf(run.id, 1);
    const states = () => Object.fromEntries(world.edge.ledger(run.id).map(({ asset, state }) => [asset, state]));
    await expect.poll(states).toEqual({ queryDefinition: "deleted", dataExtension: "created" });
    const { dataExtensions } = await world.ask<{ dataExtensions: { key: string; rows: number }[] }>("state");
    expect(dataExtensions.find((known) => known.key === key)?.rows).toBe(await rowsOf(sql));
    expect(viewOf(run).expiresAt).toBeDefined();
  });

  test("has its table deleted when it expires", async () => {
    await world.ask("behaviours", { rowsetDown: 404 });
    await world.ask("faults", [soapDown]);
    await world.startBridge(waits);
    const { id, job } = world.accept(sql);
    await world.put(job);
    await world.over(id);
    await expect
      .poll(() => world.edge.ledger(id).find(({ asset }) => asset === "queryDefinition")?.state)
      .toBe("deleted");
    world.edge.skewMs = 24 * 60 * 60 * 1000;
    await world.put({ ...job, delivery: 2 });
    await expect.poll(() => world.edge.ledger(id).every(({ state }) => state === "deleted")).toBe(true);
  });

  test("does not blame the time when its deadline passes meanwhile", async () => {
    await world.ask("behaviours", { rowsetDown: 404 });
    await world.ask("faults", [soapDown]);
    await world.startBridge({ ...waits, rowsetPatienceMs: 60_000, runTimeoutMs: 2500 });
    const { run } = await runOf(sql);
    expect(errorOf(run)?.title).toBe("The query has ended, but its rows cannot be read");
    expect(run).toHaveProperty("expiresAt");
  });

  test("is read by SOAP even when hardly any time is left", async () => {
    await world.ask("behaviours", { rowsetDown: 404 });
    await world.startBridge({ ...waits, rowsetPatienceMs: 60_000, runTimeoutMs: 4000 });
    expect((await runOf(sql)).run).toMatchObject({ status: "ready", result: { readBy: "soap" } });
  });
});

test("a result that is not read by SOAP costs no SOAP call", async () => {
  await world.startBridge(waits);
  await runOf(sql);
  expect((await callsOf(world)).filter((call) => call.includes("DataExtensionObject"))).toEqual([]);
});
