import process from "node:process";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { Queue } from "bullmq";
import type { RunId } from "#protocol/ids.ts";
import { redisPrefix, runQueue } from "#protocol/redis-keys.ts";
import { soon } from "./support/soon.ts";
import { useWorld } from "./support/use-world.ts";

const world = useWorld({ behaviours: { durationMs: 150 } });
let queue: Queue;

beforeAll(() => {
  queue = new Queue(runQueue, { connection: world.redis, prefix: redisPrefix });
});
afterAll(() => queue.close());

const bugs = () => world.logged.filter(({ event }) => event === "bug").length;

/** A bridge that runs into a bug `times` times, where it would look up its folders. */
async function startBuggyBridge(times: number) {
  let left = times;
  const kill = vi.spyOn(process, "kill").mockImplementation(() => {
    if ((left -= 1) >= 0) throw new Error("a bug");
    return true;
  });
  onTestFinished(() => kill.mockRestore());
  await world.startBridge({ effectTimeoutMs: 50 }, { failAt: "folders:after" });
}

/** Retries a failed job at once, whatever the reason, until it has failed that often. */
async function hurry(id: RunId, times: number): Promise<void> {
  const job = await vi.waitFor(async () => (await queue.getJob(`${id}-1`)) ?? expect.unreachable(), {
    timeout: 30_000,
  });
  for (let n = 1; n <= times; n += 1) {
    await soon(async () => expect((await queue.getJob(`${id}-1`))?.attemptsMade).toBeGreaterThanOrEqual(n));
    await job.promote().catch(() => {});
  }
}

test("a passing bug ends no run, however often it failed to start because the edge was away", async () => {
  await startBuggyBridge(1);
  world.edge.trouble = () => "refuse";
  const id = await world.submit("SELECT * FROM Customers");
  await hurry(id, 3);
  world.edge.trouble = () => "answer";
  await hurry(id, 4);
  expect((await world.over(id)).status).toBe("ready");
  expect(bugs()).toBe(1);
});

test("a bug that stays ends the run after three more tries", async () => {
  await startBuggyBridge(100);
  const id = await world.submit("SELECT * FROM Customers");
  await hurry(id, 3);
  expect(await world.over(id)).toMatchObject({ status: "failed", error: { code: "INTERNAL" } });
  expect(bugs()).toBe(4);
});
