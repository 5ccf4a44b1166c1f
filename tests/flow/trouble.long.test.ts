import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openRedis } from "../../dev/stand-ins/redis.ts";
import { openApi, type Api } from "./support/api.ts";
import { startBridge } from "./support/one-more-bridge.ts";
import { openSandboxDoor, type SandboxDoor } from "./support/sandbox.ts";
import { startStack, type TestStack } from "./support/stack.ts";

// The tests of this file are one story: one part after the other is killed, and only the test restarts it.
let stack: TestStack;
let alice: Api;
let sandbox: SandboxDoor;
let bridge: () => Promise<void>;
const ends: (() => Promise<void>)[] = [];
beforeAll(async () => {
  stack = await startStack({ SQE_DEV_RESTART: "0", SQE_TIME_SCALE: "10", SANDBOX_DURATION_MS: "300" });
  alice = openApi(stack);
  sandbox = openSandboxDoor(stack.sandbox);
});
afterAll(async () => {
  for (const end of ends) await end();
  await stack.stop();
});

test("a bridge killed with -9 while a query executes: the next one brings the run to ready, performed once", async () => {
  await sandbox.behave({ durationMs: 4000 });
  const { id } = await alice.submit("SELECT TOP 2 CustomerKey FROM Customers");
  const phase = async () => (await alice.read(id)).phase;
  await expect.poll(phase, { timeout: 30_000, interval: 50 }).toBe("executing");
  stack.kill("bridge");
  bridge = startBridge(stack);
  const run = await alice.over(id);
  expect(run).toMatchObject({ status: "ready", rowCount: 2 });
  expect((await alice.page(id, 1)).rows).toHaveLength(2);
  expect(await sandbox.performs(id)).toBe(1);
  await sandbox.behave({ durationMs: 300 });
});

test("a run canceled while no bridge is up: the next one deletes what it created", async () => {
  await sandbox.behave({ durationMs: 60_000 });
  const { id } = await alice.submit("SELECT TOP 2 CustomerKey FROM Customers");
  await expect.poll(async () => (await alice.read(id)).phase, { timeout: 30_000, interval: 50 }).toBe("executing");
  await bridge();
  expect((await alice.cancel(id)).status).toBe("canceled");
  const ours = async () => {
    const { dataExtensions, queries } = await sandbox.state();
    return [...dataExtensions, ...queries.filter(({ status }) => status === "Active")].filter(({ key }) =>
      key.includes(id),
    );
  };
  expect(await ours()).toHaveLength(2);
  await sandbox.behave({ durationMs: 300 });
  ends.push(startBridge(stack));
  await expect.poll(ours).toEqual([]);
});

test("two bridges share the work, and perform each query once", async () => {
  ends.push(startBridge(stack));
  const runs = await Promise.all(
    Array.from({ length: 8 }, () => alice.submit("SELECT TOP 2 CustomerKey FROM Customers")),
  );
  const over = await Promise.all(runs.map(({ id }) => alice.over(id)));
  expect(over.map(({ status }) => status)).toEqual(runs.map(() => "ready"));
  expect(await Promise.all(runs.map(({ id }) => sandbox.performs(id)))).toEqual(runs.map(() => 1));
});

test.skipIf(process.env["REDIS_URL"] !== undefined)(
  "Redis down at submit: 202 all the same, and the run starts when Redis comes back empty",
  async () => {
    stack.kill("redis");
    const { id, status } = await alice.submit("SELECT TOP 2 CustomerKey FROM Customers");
    expect(status).toBe("queued");
    // Long enough for the first tries to fail.
    await vi.waitFor(() => expect(stack.now().redisPid).toBeUndefined(), { timeout: 30_000 });
    const redis = await openRedis({ port: Number(new URL(stack.redis).port) });
    ends.push(() => redis.close());
    expect((await alice.over(id)).status).toBe("ready");
    expect(await sandbox.performs(id)).toBe(1);
  },
);

test("in the end Marketing Cloud has nothing of ours except results that can still be read", async () => {
  await expect.poll(() => sandbox.strays(alice)).toEqual([]);
});

test("Marketing Cloud down: the run fails with a readable error, and the stack goes on working", async () => {
  stack.kill("sandbox");
  const { id } = await alice.submit("SELECT TOP 2 CustomerKey FROM Customers");
  const run = await alice.over(id);
  expect(run).toMatchObject({ status: "failed", error: { code: "MCE_UNAVAILABLE" } });
  expect(run.error?.detail).toMatch(/Marketing Cloud/);
  expect(run.error?.fix).toEqual(expect.any(String));
  expect((await alice.call("/healthz")).status).toBe(200);
  expect((await alice.submit("SELECT TOP 2 CustomerKey FROM Customers")).status).toBe("queued");
});
