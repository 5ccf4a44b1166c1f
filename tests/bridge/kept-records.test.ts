import { beforeEach, expect, test } from "vitest";
import { openPlatform } from "#async/platform.ts";
import { runLogStream, runTraceStream, unsentGrant } from "#protocol/redis-keys.ts";
import { openRunLog } from "../../src/queue-bridge/edge/run-log.ts";
import { openTraceLog } from "../../src/queue-bridge/edge/trace.ts";
import { openUnsentGrants } from "../../src/queue-bridge/edge/unsent-grants.ts";
import { openTestRedis } from "../support/open-test-redis.ts";
import { aRunId } from "../support/runs.ts";

const redis = await openTestRedis();
const daySeconds = 24 * 60 * 60;

beforeEach(() => redis.flushall());

test.each([
  ["log", 10_000, runLogStream(aRunId), () => openRunLog(redis, () => {})(aRunId, "{}")],
  ["trace", 500, runTraceStream(aRunId), () => openTraceLog(redis)(aRunId, { epoch: 1, calls: [], verdicts: [] })],
] as const)(
  "a run's %s has at most about %i entries, and goes 24 hours after the last",
  async (_, most, key, append) => {
    const entries = redis.pipeline();
    for (let n = 0; n < most + 1000; n += 1) entries.xadd(key, "*", "field", "x");
    await entries.exec();
    append();
    // Commands of one connection are answered in order. Redis trims whole nodes of 100 entries.
    const length = await redis.xlen(key);
    expect(length).toBeGreaterThanOrEqual(most);
    expect(length).toBeLessThanOrEqual(most + 100);
    expect(await redis.ttl(key)).toBeGreaterThan(daySeconds - 60);
    expect(await redis.ttl(key)).toBeLessThanOrEqual(daySeconds);
  },
);

test("the note of a Perform that was not sent goes after 24 hours", async () => {
  await openUnsentGrants(redis, openPlatform()).note("a nonce");
  const seconds = await redis.ttl(unsentGrant("a nonce"));
  expect(seconds).toBeGreaterThan(daySeconds - 60);
  expect(seconds).toBeLessThanOrEqual(daySeconds);
});
