import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { take } from "#budget/bucket.ts";
import { openBudget } from "#budget/budget.ts";
import { limitsOf, type Limits } from "#budget/limits.ts";
import { openSharedBucket, type Asking } from "#budget/shared-bucket.ts";
import { openPlatform } from "#async/platform.ts";
import { openRedis } from "../../dev/stand-ins/redis.ts";

let server: Awaited<ReturnType<typeof openRedis>>;
let redis: Redis;

beforeAll(async () => {
  server = await openRedis();
  redis = new Redis(server.url);
});
afterAll(async () => {
  redis.disconnect();
  await server.close();
});
beforeEach(async () => {
  await redis.flushall();
});

const platform = openPlatform();
const unit = { tenantId: "tenant-a", mid: 1 };
const patient = { patienceMs: 60_000 };
const evaluate = (lua: string, keys: readonly string[], words: readonly (string | number)[]) =>
  redis.eval(lua, keys.length, ...keys, ...words);
const bucketOf = (limits: Limits) => openSharedBucket(evaluate, limits, () => platform.uuid());
/** One process of several: its own memory, the same Redis. */
const open = (limits: Limits) => openBudget({ shared: bucketOf(limits), platform, limits });
const nothing: Asking = { need: 1, want: 1, floor: 0, known: "", isBusy: false, owed: 0, pauseMs: 0 };

test("the bucket in Redis gives and refuses what take() does", async () => {
  // So slow that nothing flows in between two commands.
  const limits: Limits = { capacity: 60, rate: 1e-6, lapseMs: 1000, minuteMs: 60_000 };
  const bucket = bucketOf(limits);
  let level = { level: limits.capacity, at: 0 };
  const wishes = [
    { need: 1, want: 10, floor: 0 },
    { need: 5, want: 5, floor: 30 },
    { need: 6, want: 6, floor: 12 },
    { need: 1, want: 1, floor: 42 },
    { need: 1, want: 10, floor: 0 },
    { need: 6, want: 6, floor: 30 },
    { need: 6, want: 60, floor: 0 },
    { need: 6, want: 6, floor: 0 },
    { need: 6, want: 60, floor: 1000 },
    { need: 6, want: 10, floor: 0 },
  ];
  for (const wish of wishes) {
    const { bucket: next, granted } = take(level, wish, limits, 0);
    level = next;
    expect((await bucket.ask(unit, { ...nothing, ...wish }))?.granted).toBe(granted);
  }
});

test("a business unit that has used its bucket up waits, on every process; another one does not", async () => {
  // So slow that nothing flows back meanwhile.
  const limits = limitsOf(300, 3_600_000);
  const [one, other] = [open(limits), open(limits)];
  for (let n = 0; n < 60; n += 1) expect(await one.reserve(unit, "ends", 1, patient)).toBeUndefined();
  const hasty = { patienceMs: 0 };
  expect(await other.reserve(unit, "ends", 3, hasty)).toMatchObject({ kind: "throttled", waitMs: expect.any(Number) });
  expect(await other.reserve({ ...unit, mid: 2 }, "ends", 3, hasty)).toBeUndefined();
  expect(await other.reserve({ ...unit, tenantId: "tenant-b" }, "ends", 3, hasty)).toBeUndefined();
});

test("two processes that take all they get stay within the budget in any minute", async () => {
  const minuteMs = 1500;
  const limits = limitsOf(300, minuteMs);
  const calls: number[] = [];
  const until = performance.now() + 3 * minuteMs;
  const takeAll = async (budget: ReturnType<typeof open>) => {
    while (performance.now() < until) {
      expect(await budget.reserve(unit, "ends", 1, patient)).toBeUndefined();
      calls.push(performance.now());
    }
  };
  const [one, other] = [open(limits), open(limits)];
  await Promise.all([takeAll(one), takeAll(one), takeAll(one), takeAll(other), takeAll(other)]);
  const most = Math.max(...calls.map((at) => calls.filter((later) => later >= at && later < at + minuteMs).length));
  expect(most).toBeGreaterThan(200);
  expect(most).toBeLessThanOrEqual(300);
});

test("what ends a run does not wait where a new run does", async () => {
  const limits = limitsOf(300, 60_000);
  const budget = open(limits);
  const hasty = { patienceMs: 0 };
  const begun: unknown[] = [];
  while ((await budget.reserve(unit, "new-runs", 5, hasty)) === undefined) begun.push(1);
  expect(begun).toHaveLength(7);
  for (let n = 0; n < 20; n += 1) expect(await budget.reserve(unit, "ends", 1, hasty)).toBeUndefined();
});

test("a bucket that Redis has lost is empty for who has just taken from it, and full for who has not", async () => {
  const limits = limitsOf(300, 60_000);
  const [one, other] = [open(limits), open(limits)];
  const hasty = { patienceMs: 0 };
  for (let n = 0; n < 50; n += 1) await one.reserve(unit, "ends", 1, hasty);
  await redis.flushall();
  // What it has reserved already counts as spent, so it may be used up.
  const more: unknown[] = [];
  while (more.length < 20 && (await one.reserve(unit, "ends", 1, hasty)) === undefined) more.push(1);
  expect(more.length).toBeLessThan(10);
  await redis.flushall();
  expect(await other.reserve(unit, "ends", 2, hasty)).toBeUndefined();
  // The first one's spending empties the bucket of all.
  await sleep(600);
  expect(await one.reserve(unit, "ends", 1, patient)).toBeUndefined();
});

test("a bucket that has filled in a pause is not taken for a lost one", async () => {
  const budget = open(limitsOf(300, 60_000));
  const hasty = { patienceMs: 0 };
  expect(await budget.reserve(unit, "previews", 1, hasty)).toBeUndefined();
  // A bucket that is full leaves Redis a second after one that was empty would have filled.
  const leftMs = await redis.pttl("sqe:budget:bucket:tenant-a:1");
  expect(leftMs).toBeGreaterThan(10_000);
  expect(leftMs).toBeLessThanOrEqual(17_000);
  // One unit flows back in a quarter of a second.
  await sleep(1500);
  expect(await budget.reserve(unit, "previews", 1, hasty)).toBeUndefined();
});

test("without Redis each process keeps to a tenth, and owes it when Redis is back", async () => {
  const minuteMs = 3000;
  const limits = limitsOf(300, minuteMs);
  let isAway = true;
  const shared = openSharedBucket(
    (...asked) => (isAway ? Promise.reject(new Error("away")) : evaluate(...asked)),
    limits,
    () => platform.uuid(),
  );
  const budget = openBudget({ shared, platform, limits });
  const from = performance.now();
  let calls = 0;
  while (performance.now() < from + minuteMs) {
    await budget.reserve(unit, "ends", 1, patient);
    calls += 1;
  }
  expect(calls).toBeGreaterThan(10);
  expect(calls).toBeLessThanOrEqual(31);
  isAway = false;
  await sleep(2100);
  await budget.reserve(unit, "ends", 1, patient);
  expect(Number(await redis.hget("sqe:budget:bucket:tenant-a:1", "level"))).toBeLessThan(60 - calls);
});

test("a pause is kept by every process from its next question on, and slows the unit down for a minute", async () => {
  const limits = limitsOf(300, 60_000);
  const [one, other] = [open(limits), open(limits)];
  one.pause(unit, 3000);
  await expect.poll(() => redis.exists("sqe:budget:pause:tenant-a:1")).toBe(1);
  const refused = await other.reserve(unit, "ends", 1, { patienceMs: 1000 });
  expect(refused).toMatchObject({ kind: "throttled" });
  expect(refused?.kind === "throttled" && refused.waitMs).toBeGreaterThan(2000);
  expect(await other.reserve({ ...unit, mid: 2 }, "ends", 1, { patienceMs: 0 })).toBeUndefined();
  one.pause(unit, 1000);
  expect(await redis.pttl("sqe:budget:pause:tenant-a:1")).toBeGreaterThan(1500);
  expect(await redis.pttl("sqe:budget:slow:tenant-a:1")).toBeGreaterThan(60_000);
  const from = performance.now();
  expect(await one.reserve(unit, "ends", 1, { patienceMs: 10_000 })).toBeUndefined();
  expect(performance.now() - from).toBeGreaterThan(1500);
});

test("units that were reserved before a pause are not used in it", async () => {
  const limits = limitsOf(300, 60_000);
  const budget = open(limits);
  // Ten that wait together reserve ten.
  await Promise.all(Array.from({ length: 10 }, () => budget.reserve(unit, "ends", 1, patient)));
  expect(await budget.reserve(unit, "ends", 1, patient)).toBeUndefined();
  budget.pause(unit, 5000);
  expect(budget.isPaused(unit)).toBe(true);
  expect(await budget.reserve(unit, "ends", 1, { patienceMs: 1000 })).toMatchObject({ kind: "throttled" });
});

test("who is called off leaves, and those behind get the units", async () => {
  const limits: Limits = { capacity: 2, rate: 0.004, lapseMs: 500, minuteMs: 60_000 };
  const budget = open(limits);
  await budget.reserve(unit, "ends", 1, patient);
  await budget.reserve(unit, "ends", 1, patient);
  const leaving = new AbortController();
  const left = budget.reserve(unit, "ends", 1, { ...patient, signal: leaving.signal });
  const stays = budget.reserve(unit, "ends", 1, patient);
  leaving.abort();
  expect(await left).toMatchObject({ kind: "aborted" });
  expect(await stays).toBeUndefined();
});

test("many that wait together ask Redis once for up to ten of them", async () => {
  const limits = limitsOf(300, 60_000);
  const budget = open(limits);
  const before = await evals();
  await Promise.all(Array.from({ length: 20 }, () => budget.reserve(unit, "ends", 1, patient)));
  expect((await evals()) - before).toBeLessThanOrEqual(3);
});

async function evals(): Promise<number> {
  const info = await redis.info("commandstats");
  return Number(/cmdstat_eval:calls=(\d+)/.exec(info)?.[1] ?? 0);
}
