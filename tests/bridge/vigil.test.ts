import type { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openRedis as startRedis } from "../../dev/stand-ins/redis.ts";
import { openRedis } from "../../src/queue-bridge/queue/redis.ts";
import { openVigil } from "../../src/queue-bridge/queue/vigil.ts";
import { platformWith } from "../support/platform.ts";

let server: Awaited<ReturnType<typeof startRedis>>;
const connections: Redis[] = [];
let clock = 0;
const watchMs = 60_000;

beforeAll(async () => {
  server = await startRedis();
});
afterAll(async () => {
  for (const connection of connections) connection.disconnect();
  await server.close();
});

/** A bridge's vigil on connections of its own, once it hears. */
async function open(self: string) {
  const connect = () => openRedis(server.url, self, () => {});
  const redis = { hearing: connect(), acting: connect() };
  connections.push(redis.hearing, redis.acting);
  const vigil = openVigil(redis, self, watchMs, platformWith({ monotonic: () => clock }));
  await redis.acting.ping();
  await vi.waitFor(async () => expect(await heardBy(redis.acting)).toBeGreaterThan(0));
  return vigil;
}
const heardBy = async (redis: Redis) => Number((await redis.pubsub("NUMSUB", "sqe:bridges"))[1]);
const soon = (check: () => void) => vi.waitFor(check, { timeout: 5000, interval: 10 });

test("a bridge looks closely after its start, then seldom, and closely again while another one is at work", async () => {
  const [one, other] = [await open("one"), await open("other")];
  const begun = vi.fn();
  one.onClose(begun);
  expect([one.isClose(), other.isClose()]).toEqual([true, true]);
  clock += watchMs + 1;
  expect([one.isClose(), other.isClose()]).toEqual([false, false]);
  const looks = one.pause(1, new AbortController().signal);
  other.tell();
  await soon(() => expect(one.isClose()).toBe(true));
  await looks;
  expect(begun).toHaveBeenCalledTimes(1);
  // Its own work is nothing it would have to watch over.
  expect(other.isClose()).toBe(false);
  clock += watchMs + 1;
  expect(one.isClose()).toBe(false);
  one.alarm();
  expect(one.isClose()).toBe(true);
});

test("a bridge tells of its work often enough for the others to stay close, and no oftener", async () => {
  const one = await open("three");
  const listening = openRedis(server.url, "listening", () => {});
  connections.push(listening);
  const heard: number[] = [];
  listening.on("message", () => heard.push(clock));
  await listening.subscribe("sqe:bridges");
  for (let seconds = 0; seconds < 180; seconds += 1) {
    one.tell();
    clock += 1000;
  }
  await soon(() => expect(heard.length).toBeGreaterThanOrEqual(9));
  expect(heard).toHaveLength(9);
});
