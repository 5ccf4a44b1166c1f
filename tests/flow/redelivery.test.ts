import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openApi, type Api } from "./support/api.ts";
import { startBridge } from "./support/one-more-bridge.ts";
import { openSandboxDoor, type SandboxDoor } from "./support/sandbox.ts";
import { startStack, type TestStack } from "./support/stack.ts";
import { longTest } from "../support/tier.ts";

// The tests of this file are one story with one bridge, which is stopped, forgotten by Redis, and at the end killed.
let stack: TestStack;
let alice: Api;
let sandbox: SandboxDoor;
let redis: Redis;
const sql = "SELECT TOP 2 CustomerKey FROM Customers";
/** A new bridge that takes over on a busy machine is well within them, and a test that waits for them ends. */
const deadlines = { SQE_RUN_TIMEOUT_MS: "45000", SQE_QUEUE_TIMEOUT_MS: "36000" };
const patient = { timeout: 30_000, interval: 50 };

beforeAll(async () => {
  stack = await startStack({ SQE_DEV_RESTART: "0", SQE_TIME_SCALE: "10", SANDBOX_DURATION_MS: "300", ...deadlines });
  alice = openApi(stack);
  sandbox = openSandboxDoor(stack.sandbox);
  redis = new Redis(stack.redis);
});
afterAll(async () => {
  redis.disconnect();
  await stack.stop();
});

/** Freezes a process, as a machine that swaps or a paused container does. */
function freeze(pid = 0): () => void {
  process.kill(pid, "SIGSTOP");
  return () => void process.kill(pid, "SIGCONT");
}

async function executing(): Promise<string> {
  const { id } = await alice.submit(sql);
  await expect.poll(async () => (await alice.read(id)).phase, patient).toBe("executing");
  return id;
}

test("a Redis that forgets a run before it is claimed gets its job back", async () => {
  const thaw = freeze(stack.now().bridgePid);
  const { id } = await alice.submit(sql);
  await redis.flushall();
  thaw();
  expect(await alice.over(id)).toMatchObject({ status: "ready", rowCount: 2 });
  expect(await sandbox.performs(id)).toBe(1);
});

test("a Redis that forgets everything while a query executes delays the run, and does not lose it", async () => {
  await sandbox.behave({ durationMs: 3000 });
  const id = await executing();
  await redis.flushall();
  expect(await alice.over(id)).toMatchObject({ status: "ready", rowCount: 2 });
  expect(await sandbox.performs(id)).toBe(1);
});

test("a bridge that froze while a query executed is replaced by another, and does no harm when it thaws", async () => {
  await sandbox.behave({ durationMs: 3000 });
  const id = await executing();
  const thaw = freeze(stack.now().bridgePid);
  const endOther = startBridge(stack);
  expect(await alice.over(id)).toMatchObject({ status: "ready", rowCount: 2 });
  const before = await alice.read(id);
  thaw();
  await endOther();
  // The thawed bridge works: the next run is its own.
  await sandbox.behave({ durationMs: 300 });
  expect(await alice.over((await alice.submit(sql)).id)).toMatchObject({ status: "ready" });
  expect(await alice.read(id)).toEqual(before);
  expect((await alice.page(id, 1)).rows).toHaveLength(2);
  expect(await sandbox.performs(id)).toBe(1);
});

longTest("without any bridge the object ends runs on its own, and names the deadline", async () => {
  await sandbox.behave({ durationMs: 60_000 });
  const id = await executing();
  stack.kill("bridge");
  const queued = await alice.submit(sql);
  expect(await alice.over(queued.id)).toMatchObject({ status: "failed", error: { code: "QUEUE_TIMEOUT" } });
  const over = await alice.over(id);
  expect(over).toMatchObject({
    status: "failed",
    error: { code: "TIMEOUT", detail: expect.stringMatching(/No end was reported within 45 seconds of the start/) },
  });
});

test("a bridge that comes back deletes what runs without a bridge have left", async () => {
  const end = startBridge(stack);
  await expect.poll(() => sandbox.strays(alice), patient).toEqual([]);
  await end();
});
