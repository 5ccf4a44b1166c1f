import { afterEach, describe, expect, test } from "vitest";
import { intakeStream, runQueue } from "#protocol/redis-keys.ts";
import { openRedis } from "../../dev/stand-ins/redis.ts";
import type { Bridge } from "../../src/queue-bridge/bridge.ts";
import { openAttic } from "./support/attic.ts";
import { ownSeries, scrape, sumOf, type Samples } from "./support/scrape.ts";
import { soon } from "./support/soon.ts";
import { useWorld } from "./support/use-world.ts";
import { tenancy } from "./support/world.ts";

const sql = "SELECT CustomerKey FROM Customers";
const world = useWorld({ behaviours: { durationMs: 1200 } });
const moved = new Set<string>();

afterEach(() => expect(world.logged.map(({ event }) => event)).not.toContain("bug"));

/** Waits until a series has moved, and returns all samples. */
async function whenMoved(bridge: Bridge, name: string, labels: Record<string, string>, by = 1): Promise<Samples> {
  const samples = await soon(async () => {
    const now = await scrape(bridge.url);
    expect(sumOf(now, name, labels), `${name}${JSON.stringify(labels)}`).toBeGreaterThanOrEqual(by);
    return now;
  });
  moved.add(name.replace(/_count$/, ""));
  return samples;
}

test("a run that is ready moves the series of runs, claims, phases, lag, calls, budget and edge", async () => {
  const bridge = await world.startBridge();
  const before = await scrape(bridge.url);
  expect(ownSeries().filter((name) => sumOf(before, name) + sumOf(before, `${name}_count`) > 0)).toEqual([]);
  await world.over(await world.submit(sql));
  const ended = { flow: "run-to-temp", status: "ready", code: "" };
  const after = await whenMoved(bridge, "sqe_runs_total", ended);
  expect(sumOf(after, "sqe_runs_total")).toBe(1);
  await whenMoved(bridge, "sqe_claims_total", { task: "run" });
  for (const phase of ["queued", "preparing", "executing", "confirming"])
    await whenMoved(bridge, "sqe_phase_seconds_count", { phase });
  await whenMoved(bridge, "sqe_ready_lag_seconds_count", {});
  await whenMoved(bridge, "sqe_mce_calls_total", { call: "SOAP Perform", outcome: "ok" });
  await whenMoved(bridge, "sqe_mce_call_seconds_count", { call: "SOAP Perform" });
  for (const name of ["new-runs", "starts", "ends"]) {
    await whenMoved(bridge, "sqe_budget_calls_total", { class: name, outcome: "granted" });
    await whenMoved(bridge, "sqe_budget_wait_seconds_count", { class: name });
  }
  for (const call of ["claim", "grant", "transitions"])
    await whenMoved(bridge, "sqe_edge_calls_total", { call, outcome: "ok" });

  // Nothing about tenants, users and runs.
  const secrets = [tenancy.tenantId, tenancy.connectionId, tenancy.userId, `${tenancy.mid}`];
  expect([...after.keys()].filter((key) => secrets.some((secret) => key.includes(secret)))).toEqual([]);
  // The query took 1.2 s, and the polls of this world come every 0.25 s and more.
  const executing = sumOf(after, "sqe_phase_seconds_sum", { phase: "executing" });
  expect(executing).toBeGreaterThan(1);
  expect(executing).toBeLessThan(10);
});

test("runs that fail, are canceled, or are unknown move the series of their ends and claims", async () => {
  const bridge = await world.startBridge();
  await world.ask("behaviours", { errorMsg: "Divide by zero error encountered.", errorTimes: 100 });
  await world.over(await world.submit(sql));
  await whenMoved(bridge, "sqe_runs_total", { status: "failed", code: "QUERY_FAILED" });
  await world.ask("behaviours", { profile: "friendly", durationMs: 5000 });
  const id = await world.submit(sql);
  await soon(() => expect(world.edge.run(id)).toMatchObject({ phase: "executing" }));
  world.edge.cancel(id);
  await world.redis.publish("sqe:cancel", id);
  await whenMoved(bridge, "sqe_runs_total", { status: "canceled", code: "" });
  const lost = world.accept(sql);
  world.edge.lose(lost.id);
  await world.put(lost.job);
  await whenMoved(bridge, "sqe_claims_total", { task: "unknown-run" });
});

test("calls that Marketing Cloud or the edge does not answer are counted as that", async () => {
  const bridge = await world.startBridge({ retryMinMs: 100 });
  await world.ask("faults", [{ call: "SOAP Create DataExtension", status: 503 }]);
  let asked = 0;
  world.edge.trouble = ({ verb }) => (verb === "transitions" && asked++ === 0 ? "refuse" : "answer");
  await world.over(await world.submit(sql));
  await whenMoved(bridge, "sqe_mce_calls_total", { call: "SOAP Create DataExtension", outcome: "unavailable" });
  await whenMoved(bridge, "sqe_edge_calls_total", { call: "transitions", outcome: "unreachable" });
});

test("calls that the budget refuses are counted by their class, with the time that the others waited", async () => {
  const bridge = await world.startBridge({ inProcessWaitMs: 100 }, { callsPerMinute: 10 });
  const ids = await Promise.all([1, 2, 3, 4].map(() => world.submit(sql)));
  await whenMoved(bridge, "sqe_budget_calls_total", { class: "new-runs", outcome: "refused" });
  await whenMoved(bridge, "sqe_budget_wait_seconds_count", { class: "new-runs" }, 2);
  for (const id of ids) world.edge.cancel(id);
});

test("a sweep moves its series, and a dry run does not", async () => {
  const attic = openAttic(world);
  await attic.leftover();
  const bridge = await world.startBridge();
  await attic.command({ isDryRun: true });
  await soon(() => expect(world.logged.map(({ event }) => event)).toContain("sweep started"));
  expect(sumOf(await scrape(bridge.url), "sqe_sweeps_total")).toBe(0);
  await attic.summary(await attic.command());
  await whenMoved(bridge, "sqe_sweeps_total", {});
  const after = await whenMoved(bridge, "sqe_sweep_units_total", { outcome: "ok" });
  expect(sumOf(after, "sqe_sweep_deleted_total")).toBe(2);
  moved.add("sqe_sweep_deleted_total");
});

test("a business unit that cannot be swept is counted by the reason", async () => {
  const attic = openAttic(world);
  const bridge = await world.startBridge();
  await world.ask("faults", [{ call: "*", times: 100, status: 503 }]);
  await attic.summary(await attic.command());
  await whenMoved(bridge, "sqe_sweep_units_total", { outcome: "MCE_UNAVAILABLE" });
});

test("an error of a connection to Redis moves its series, and the queue's are absent while Redis is away", async () => {
  const redis = await openRedis();
  const bridge = await world.startBridge({}, { redisUrl: redis.url });
  await redis.close();
  const after = await whenMoved(bridge, "sqe_redis_errors_total", { connection: "acting" });
  expect([...after.keys()].filter((name) => name.startsWith("sqe_queue"))).toEqual([]);
  const again = await openRedis({ port: Number(new URL(redis.url).port) });
  await soon(async () => expect((await fetch(`${bridge.url}/readyz`)).status).toBe(200));
  await bridge.close();
  await again.close();
});

describe("the queue", () => {
  const keyOf = (name: string) => `sqe:${runQueue}:${name}`;
  const depthOf = (samples: Samples) =>
    Object.fromEntries(
      ["intake", "waiting", "prioritized", "delayed", "active"].map((state) => [
        state,
        sumOf(samples, "sqe_queue_depth", { state }),
      ]),
    );

  test("is empty, and of no age, when nothing waits", async () => {
    const samples = await scrape((await world.startBridge()).url);
    expect(depthOf(samples)).toEqual({ intake: 0, waiting: 0, prioritized: 0, delayed: 0, active: 0 });
    expect(sumOf(samples, "sqe_queue_age_seconds")).toBe(0);
  });

  test("shows what waits for a place in a bridge, and how old the oldest new run is", async () => {
    await world.ask("behaviours", { durationMs: 20_000 });
    const bridge = await world.startBridge({}, { concurrency: 1 });
    for (let n = 0; n < 3; n += 1) await world.submit(sql);
    const { redis } = world;
    const depth = () =>
      Promise.all([redis.xlen(intakeStream), redis.zcard(keyOf("prioritized")), redis.llen(keyOf("active"))]);
    await soon(async () => expect(await depth()).toEqual([0, 2, 1]));
    const [oldest = ""] = await redis.zrange(keyOf("prioritized"), "0", "0");
    await redis.hset(keyOf(oldest), "timestamp", `${Date.now() - 90_000}`);
    const samples = await scrape(bridge.url);
    expect(depthOf(samples)).toMatchObject({ intake: 0, prioritized: 2, active: 1 });
    expect(sumOf(samples, "sqe_queue_age_seconds")).toBeGreaterThanOrEqual(90);
    for (const name of ["sqe_queue_depth", "sqe_queue_age_seconds"]) moved.add(name);
  });
});

test("every series of our own has moved in one of these tests", () => {
  expect(ownSeries().filter((name) => !moved.has(name))).toEqual([]);
});
