import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openRedis } from "../../dev/redis.ts";
import { openCallBudget } from "../../src/queue-bridge/call-budget.ts";

let server: Awaited<ReturnType<typeof openRedis>>;
let redis: Redis;
let hearing: Redis;

beforeAll(async () => {
  server = await openRedis();
  redis = new Redis(server.url);
  hearing = new Redis(server.url);
  // Every bridge adds its own listener.
  hearing.setMaxListeners(0);
});
afterAll(async () => {
  redis.disconnect();
  hearing.disconnect();
  await server.close();
});
beforeEach(async () => {
  await redis.flushall();
});

const unit = { tenantId: "tenant-a", mid: 1 };
const ok = { name: "REST isrunning", ms: 5, outcome: "ok" } as const;
/** One bridge of several: its own counts, the same Redis. */
const open = (callMinuteMs = 60_000) =>
  openCallBudget(
    { acting: redis, hearing },
    { callsPerMinute: 300, settings: { callMinuteMs } },
    () => performance.now(),
    () => {},
  );

function call(budget: ReturnType<typeof open>, count: number, of = unit): void {
  for (let at = 0; at < count; at += 1) budget.count(of, ok);
}

test("pace() lets a business unit use up its minute at once", async () => {
  const budget = open();
  call(budget, 290);
  expect(await budget.pace(unit)).toBe(0);
});

test("pace() stretches the waits of a business unit that has used its minute up, on every bridge", async () => {
  const [one, other] = [open(), open()];
  call(one, 200);
  expect(await one.pace(unit)).toBe(0);
  await sleep(100);
  call(other, 150);
  // The first 200 calls have to be a minute old.
  const wait = await other.pace(unit);
  expect(wait).toBeGreaterThan(58_000);
  expect(wait).toBeLessThanOrEqual(59_900);
  call(one, 10);
  expect(await one.pace(unit)).toBeGreaterThan(58_000);
  expect(await other.pace({ ...unit, mid: 2 })).toBe(0);
  expect(await other.pace({ ...unit, tenantId: "tenant-b" })).toBe(0);
});

test("pace() lets no more than the budget through in any minute", async () => {
  const minuteMs = 200;
  const budget = open(minuteMs);
  const calls: number[] = [];
  const until = performance.now() + 6 * minuteMs;
  while (performance.now() < until) {
    call(budget, 10);
    calls.push(performance.now());
    await sleep(Math.min(1, minuteMs) + (await budget.pace(unit)));
  }
  const most = Math.max(
    ...calls.map((at) => 10 * calls.filter((other) => other >= at && other < at + minuteMs).length),
  );
  expect(most).toBeGreaterThan(150);
  expect(most).toBeLessThanOrEqual(310);
});

test("pace() obeys a 429's wait for the whole business unit, and halves its rate for a minute", async () => {
  const [one, other] = [open(), open()];
  one.count(unit, { name: "REST rowset", ms: 5, outcome: "throttled", waitMs: 3000 });
  expect(one.pause(unit)).toBeGreaterThan(2900);
  // The other bridge has called nobody and asked nobody: it is told.
  await expect.poll(() => other.pause(unit)).toBeGreaterThan(2500);
  expect(await other.pace(unit)).toBeGreaterThan(2500);
  expect(other.pause({ ...unit, mid: 2 })).toBe(0);
  expect(await one.pace(unit)).toBeGreaterThan(2500);
  call(other, 200, { ...unit, mid: 2 });
  expect(await other.pace({ ...unit, mid: 2 })).toBe(0);
  call(other, 200);
  expect(await other.pace(unit)).toBeGreaterThan(55_000);
});

test("pace() asks Redis once for ten calls", async () => {
  const budget = open();
  const before = await commands();
  for (let poll = 0; poll < 10; poll += 1) {
    call(budget, 2);
    await budget.pace(unit);
  }
  expect((await commands()) - before).toBe(2);
});

test("pace() waits for nobody while Redis is away", async () => {
  const away = new Redis({ port: 1, lazyConnect: true, retryStrategy: () => null });
  away.on("error", () => {});
  const budget = openCallBudget(
    { acting: away, hearing: away },
    { callsPerMinute: 1, settings: { callMinuteMs: 60_000 } },
    () => performance.now(),
    () => {},
  );
  call(budget, 100);
  expect(await budget.pace(unit)).toBe(0);
});

async function commands(): Promise<number> {
  const info = await redis.info("commandstats");
  return Number(/cmdstat_eval:calls=(\d+)/.exec(info)?.[1] ?? 0);
}
