import { hostname } from "node:os";
import type { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { bridgesKey } from "#protocol/redis-keys.ts";
import { announceEveryMs } from "#protocol/service-status.ts";
import { version } from "#protocol/version.ts";
import { openRedis as startRedis, type RunningRedis } from "../../dev/stand-ins/redis.ts";
import { announce } from "../../src/queue-bridge/queue/announce.ts";
import { openRedis } from "../../src/queue-bridge/queue/redis.ts";
import { platformWith } from "../support/platform.ts";
import { soon } from "./support/soon.ts";

const dayMs = 24 * 60 * 60 * 1000;
let server: RunningRedis;
let redis: Redis;
let now: number;
let minute: () => void;

beforeAll(async () => {
  server = await startRedis();
  redis = openRedis(server.url, "test", { log: () => undefined });
});
afterAll(async () => {
  redis.disconnect();
  await server.close();
});
beforeEach(async () => {
  await redis.flushall();
  now = Date.UTC(2026, 10, 30, 10);
});

const platform = platformWith({
  now: () => now,
  every: (ms, work) => {
    expect(ms).toBe(announceEveryMs);
    minute = work;
    return () => (minute = () => undefined);
  },
});

const members = () => redis.zrange(bridgesKey, "0", "-1", "WITHSCORES");

test("announce() says at once who runs, again every minute, and takes it back at the end", async () => {
  const leave = announce(redis, "bridge-1", platform);
  const self = { name: "bridge-1", host: hostname(), pid: process.pid, version, since: new Date(now).toISOString() };
  await soon(async () => expect(await members()).toEqual([JSON.stringify(self), String(now)]));
  now += announceEveryMs;
  minute();
  await soon(async () => expect(await members()).toEqual([JSON.stringify(self), String(now)]));
  await leave();
  expect(await members()).toEqual([]);
});

test("announce() forgets bridges that have been silent for a day, and leaves the others", async () => {
  await redis.zadd(bridgesKey, now - dayMs - 1, "old", now - dayMs + 1000, "killed");
  const leave = announce(redis, "bridge-1", platform);
  await soon(async () => expect(await redis.zcard(bridgesKey)).toBe(2));
  await leave();
  expect(await redis.zrange(bridgesKey, "0", "-1")).toEqual(["killed"]);
});

test("announce() queues nothing while Redis is away, and its end does not wait for it", async () => {
  const away = openRedis("redis://127.0.0.1:1", "away", { log: () => undefined });
  const leave = announce(away, "bridge-1", platform);
  const before = Date.now();
  await leave();
  expect(Date.now() - before).toBeLessThan(5000);
  away.disconnect();
});
