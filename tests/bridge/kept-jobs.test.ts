import { UnrecoverableError, Worker, type Job } from "bullmq";
import { afterAll, beforeEach, expect, test } from "vitest";
import { redisPrefix, runQueue } from "#protocol/redis-keys.ts";
import { openLines } from "../../src/queue-bridge/queue/line.ts";
import { openQueue } from "../../src/queue-bridge/queue/queue.ts";
import { openTestRedis } from "../support/open-test-redis.ts";
import { aTenancy } from "../support/runs.ts";
import { aRunId } from "./support/attic.ts";

const redis = await openTestRedis();
const queue = openQueue(redis, openLines(redis));
const worker = new Worker(runQueue, null, { connection: redis, prefix: redisPrefix, autorun: false });
const token = "one bridge";
const hourMs = 3_600_000;

beforeEach(() => redis.flushall());
afterAll(async () => {
  await worker.close();
  await queue.close();
});

/** Queues a run and takes its job. */
async function take(): Promise<Job & { id: string }> {
  await queue.add({ kind: "run", runId: aRunId(), ...aTenancy(), flow: "run-to-temp", delivery: 1 });
  const job = await worker.getNextJob(token, { block: false });
  if (job?.id === undefined) throw new Error("The queue is empty");
  return Object.assign(job, { id: job.id });
}

test.each([
  ["completed", (job: Job) => job.moveToCompleted(undefined, token, false)],
  ["failed", (job: Job) => job.moveToFailed(new UnrecoverableError("x"), token, false)],
] as const)("a job that has %s is kept for 24 hours, and goes when another one ends", async (state, end) => {
  const ended = [];
  for (const hours of [25, 23]) {
    const job = await take();
    await end(job);
    await redis.zadd(queue.keyOf(state), Date.now() - hours * hourMs, job.id);
    ended.push(job.id);
  }
  const [old, young] = ended;
  const last = await take();
  await end(last);
  expect(await redis.zrange(queue.keyOf(state), "0", "-1")).toEqual([young, last.id]);
  expect(await redis.exists(queue.keyOf(old ?? ""))).toBe(0);
});

test("the queue's events are at most about 10,000", async () => {
  const events = redis.pipeline();
  for (let n = 0; n < 15_000; n += 1) events.xadd(queue.keyOf("events"), "*", "event", "x");
  await events.exec();
  await take();
  // Redis trims whole nodes of 100 entries.
  expect(await redis.xlen(queue.keyOf("events"))).toBeLessThanOrEqual(10_100);
});
