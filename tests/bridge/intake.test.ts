import type { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { RunId } from "#protocol/ids.ts";
import type { IntakeCommand, RunJob } from "#protocol/job.ts";
import { intakeField, intakeGroup, intakeStream } from "#protocol/redis-keys.ts";
import { openRedis as startRedis, type RunningRedis } from "../../dev/stand-ins/redis.ts";
import { openIntake, type Intake } from "../../src/queue-bridge/queue/intake.ts";
import { openRedis } from "../../src/queue-bridge/queue/redis.ts";
import { platformWith } from "../support/platform.ts";
import { aTenancy } from "../support/runs.ts";
import { soon } from "./support/soon.ts";

let server: RunningRedis;
let redis: Redis;
let reading: Redis;
let intake: Intake | undefined;
let taken: IntakeCommand[];
let events: string[];

const log = (event: string) => void events.push(event);

beforeAll(async () => {
  server = await startRedis();
  redis = openRedis(server.url, "test", { log });
});
afterAll(async () => {
  redis.disconnect();
  await server.close();
});
beforeEach(async () => {
  await redis.flushall();
  taken = [];
  events = [];
  reading = openRedis(server.url, "reading", { log });
});
afterEach(() => intake?.stop());

function start(addJob: (command: IntakeCommand) => Promise<void> = async (job) => void taken.push(job)) {
  intake = openIntake({ reading, acting: redis, consumer: "here", addJob, platform: platformWith(), log });
}

function aJob(n: number): RunJob {
  const runId = RunId.parse(String(n).padStart(30, "0"));
  return { kind: "run", runId, ...aTenancy(), flow: "run-to-temp", delivery: 1 };
}

const put = (text: string) => redis.xadd(intakeStream, "*", intakeField, text);

async function pending(): Promise<unknown> {
  return (await redis.xpending(intakeStream, intakeGroup))[0];
}

async function isEmpty(): Promise<void> {
  expect(await redis.xlen(intakeStream)).toBe(0);
  expect(await pending()).toBe(0);
}

test("openIntake() takes a command into the queue, then acknowledges and deletes it", async () => {
  start();
  await put(JSON.stringify(aJob(1)));
  await soon(() => expect(taken).toEqual([aJob(1)]));
  await soon(isEmpty);
});

test("openIntake() takes commands that were there before any group", async () => {
  await put(JSON.stringify(aJob(1)));
  start();
  await soon(() => expect(taken).toEqual([aJob(1)]));
});

test("openIntake() creates its group again when Redis comes back empty", async () => {
  start();
  await put(JSON.stringify(aJob(1)));
  await soon(() => expect(taken).toHaveLength(1));
  await redis.flushall();
  await put(JSON.stringify(aJob(2)));
  await soon(() => expect(taken).toEqual([aJob(1), aJob(2)]));
});

test.each([
  ["no JSON", "no json"],
  ["an empty object", "{}"],
  ["an unknown kind", JSON.stringify({ ...aJob(1), kind: "unknown" })],
])("openIntake() acknowledges %s, which is no command, and logs nothing of it", async (_, text) => {
  start();
  await put(text);
  await put(JSON.stringify(aJob(2)));
  await soon(() => expect(taken).toEqual([aJob(2)]));
  await soon(isEmpty);
  expect(events).toContain("command refused");
});

test("openIntake() acknowledges nothing before the job is in the queue", async () => {
  start(() => Promise.reject(new Error("the queue is away")));
  await put(JSON.stringify(aJob(1)));
  await soon(() => expect(events).toContain("intake waits"));
  expect(await pending()).toBe(1);
});

test("openIntake() soon retries a command whose job could not be created", async () => {
  let tries = 0;
  const addJob = async (job: IntakeCommand) => {
    if ((tries += 1) === 1) throw new Error("the queue is away");
    taken.push(job);
  };
  start(addJob);
  await put(JSON.stringify(aJob(1)));
  await soon(() => expect(taken).toEqual([aJob(1)]));
  await soon(isEmpty);
});

test("openIntake() takes over what a dead bridge has read and not acknowledged", async () => {
  await redis.xgroup("CREATE", intakeStream, intakeGroup, "0", "MKSTREAM");
  await put(JSON.stringify(aJob(1)));
  await redis.xreadgroup("GROUP", intakeGroup, "dead", "STREAMS", intakeStream, ">");
  start();
  await soon(() => expect(taken).toEqual([aJob(1)]));
  await soon(isEmpty);
});
