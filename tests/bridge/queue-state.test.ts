import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Platform } from "#async/platform.ts";
import { intakeField, intakeStream, redisPrefix, runQueue } from "#protocol/redis-keys.ts";
import { openRedis as startRedis, type RunningRedis } from "../../dev/stand-ins/redis.ts";
import { openQueueState } from "../../src/queue-bridge/queue/queue-state.ts";
import { openRedis } from "../../src/queue-bridge/queue/redis.ts";
import { platformWith } from "../support/platform.ts";

let server: RunningRedis;
let redis: Redis;
let queue: Queue;

beforeAll(async () => {
  server = await startRedis();
  redis = openRedis(server.url, "test", { log: () => {} });
  queue = new Queue(runQueue, { connection: redis, prefix: redisPrefix });
});
afterAll(async () => {
  await queue.close();
  redis.disconnect();
  await server.close();
});
beforeEach(() => redis.flushall());

let now = 0;
const open = (connection = redis, overrides: Partial<Platform> = {}) =>
  openQueueState(connection, (name) => queue.toKey(name), platformWith({ monotonic: () => now, ...overrides }));
const idle = { intake: 0, waiting: 0, prioritized: 0, delayed: 0, active: 0 };
const ago = (seconds: number) => Date.now() - seconds * 1000;

async function ageInSeconds(): Promise<number> {
  return Math.floor(((await open()())?.ageMs ?? Number.NaN) / 1000);
}

test("openQueueState() of an empty Redis is empty and of no age", async () => {
  expect(await open()()).toEqual({ depth: idle, ageMs: 0 });
});

test("openQueueState() counts commands and jobs by their state", async () => {
  await redis.xadd(intakeStream, "*", intakeField, "{}");
  await queue.add("run", {});
  for (let n = 1; n <= 2; n += 1) await queue.add("run", {}, { priority: n });
  for (let n = 1; n <= 3; n += 1) await queue.add("run", {}, { delay: 60_000 });
  expect((await open()())?.depth).toEqual({ intake: 1, waiting: 1, prioritized: 2, delayed: 3, active: 0 });
});

test("openQueueState() is as old as the oldest command on the intake", async () => {
  await redis.xadd(intakeStream, `${ago(75)}-0`, intakeField, "{}");
  await redis.xadd(intakeStream, `${ago(70)}-0`, intakeField, "{}");
  expect(await ageInSeconds()).toBe(75);
});

test("openQueueState() is as old as the oldest new run, wherever fairness puts it", async () => {
  await queue.add("run", {}, { priority: 1, timestamp: ago(10) });
  await queue.add("run", {}, { priority: 2, timestamp: ago(90) });
  expect(await ageInSeconds()).toBe(90);
});

test("openQueueState() leaves out a run that was started and parked: it waits for its business unit", async () => {
  const { id = "" } = await queue.add("run", {}, { priority: 1, timestamp: ago(600) });
  await redis.hset(queue.toKey(id), "ats", 1);
  expect(await ageInSeconds()).toBe(0);
});

test("openQueueState() is as old as the job that has been due the longest, and knows nothing of those to come", async () => {
  await queue.add("run", {}, { delay: 3_600_000 });
  expect(await ageInSeconds()).toBe(0);
  await queue.add("run", {}, { delay: 1000, timestamp: ago(66) });
  expect(await ageInSeconds()).toBe(65);
});

test("openQueueState() asks Redis once in 10 s, with one command", async () => {
  const calls = async () => /cmdstat_eval:calls=(\d+)/.exec(await redis.info("commandstats"))?.[1];
  await redis.config("RESETSTAT");
  const read = open();
  await Promise.all([read(), read()]);
  now += 9999;
  await read();
  expect(await calls()).toBe("1");
  now += 1;
  await read();
  expect(await calls()).toBe("2");
});

test("openQueueState() says nothing when Redis does not answer in a second", async () => {
  const paused = openRedis(server.url, "paused", { log: () => {} });
  await paused.ping();
  await redis.call("CLIENT", "PAUSE", "3000", "ALL");
  expect(await open(paused)()).toBeUndefined();
  paused.disconnect();
});

test("openQueueState() says nothing while Redis is away, and does not wait for it", async () => {
  const away = openRedis("redis://127.0.0.1:1", "away", { log: () => {} });
  // A deadline that never ends.
  const sleep = () => new Promise<boolean>(() => {});
  expect(await open(away, { sleep })()).toBeUndefined();
  away.disconnect();
});
