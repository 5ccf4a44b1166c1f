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
const throttled = (waitMs: number) => ({ name: "REST rowset", ms: 5, outcome: "throttled", waitMs }) as const;
/** One bridge of several: its own counts, the same Redis. */
const open = (callMinuteMs = 60_000, ear = hearing) =>
  openCallBudget(
    { acting: redis, hearing: ear },
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
  one.count(unit, throttled(3000));
  expect(await one.pause(unit)).toBeGreaterThan(2900);
  expect(await other.pause(unit)).toBeGreaterThan(2500);
  expect(await other.pace(unit)).toBeGreaterThan(2500);
  expect(await other.pause({ ...unit, mid: 2 })).toBe(0);
  expect(await one.pace(unit)).toBeGreaterThan(2500);
  call(other, 200, { ...unit, mid: 2 });
  expect(await other.pace({ ...unit, mid: 2 })).toBe(0);
  call(other, 200);
  expect(await other.pace(unit)).toBeGreaterThan(55_000);
});

test("pause() is heard by a bridge that calls and asks nobody", async () => {
  const [one, other] = [open(), open()];
  expect(await other.pause(unit)).toBe(0);
  const before = await commands();
  one.count(unit, throttled(3000));
  await expect.poll(() => other.pause(unit)).toBeGreaterThan(2500);
  // The throttled bridge alone has told Redis, and at once.
  expect((await commands()) - before).toBe(1);
});

test("pause() is learned of by a bridge that came too late to hear of it, for one question", async () => {
  const [one, other] = [open(), open()];
  expect(await other.pause(unit)).toBe(0);
  one.count(unit, throttled(3000));
  await expect.poll(() => other.pause(unit)).toBeGreaterThan(2500);
  const [late, later] = [open(), open()];
  const before = await commands();
  for (const ms of await Promise.all([late.pause(unit), late.pause(unit)])) expect(ms).toBeGreaterThan(2500);
  expect(await late.pace(unit)).toBeGreaterThan(2500);
  expect((await commands()) - before).toBe(1);
  expect(await later.pace(unit)).toBeGreaterThan(2500);
});

test("pause() is learned of by a bridge that hears nothing, with the next ten calls", async () => {
  const [one, deaf] = [open(), open(60_000, await aDeafEar())];
  expect(await deaf.pause(unit)).toBe(0);
  one.count(unit, throttled(3000));
  await expect.poll(() => redis.exists("sqe:budget:pause:tenant-a:1")).toBe(1);
  expect(await deaf.pause(unit)).toBe(0);
  call(deaf, 10);
  await deaf.pace(unit);
  expect(await deaf.pause(unit)).toBeGreaterThan(2500);
});

test("pause() is asked for again after a time in which nothing could be heard", async () => {
  const ear = await aDeafEar();
  const budget = open(60_000, ear);
  expect(await budget.pause(unit)).toBe(0);
  open().count(unit, throttled(3000));
  await expect.poll(() => redis.exists("sqe:budget:pause:tenant-a:1")).toBe(1);
  expect(await budget.pause(unit)).toBe(0);
  await ear.connect();
  expect(await budget.pause(unit)).toBeGreaterThan(2500);
  ear.disconnect();
});

test("pause() of several lasts until the last of them ends, and slows the unit down as long as the longest", async () => {
  const budget = open(1000);
  budget.count(unit, throttled(5000));
  budget.count(unit, throttled(1000));
  expect(await budget.pause(unit)).toBeGreaterThan(4500);
  expect(await redis.pttl("sqe:budget:pause:tenant-a:1")).toBeGreaterThan(4500);
  expect(await redis.pttl("sqe:budget:slow:tenant-a:1")).toBeGreaterThan(5500);
});

test("pace() asks Redis once for ten calls", async () => {
  const budget = open();
  await budget.pause(unit);
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

/** A subscriber that hears nothing. */
async function aDeafEar(): Promise<Redis> {
  const ear = new Redis(server.url);
  await expect.poll(() => ear.status).toBe("ready");
  ear.disconnect();
  await expect.poll(() => ear.status).toBe("end");
  return ear;
}

async function commands(): Promise<number> {
  const info = await redis.info("commandstats");
  return Number(/cmdstat_eval:calls=(\d+)/.exec(info)?.[1] ?? 0);
}
