import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { bridgesChannel, redisPrefix, runQueue } from "#protocol/redis-keys.ts";
import { openLocks } from "../../src/queue-bridge/queue/locks.ts";
import { openWorld } from "./support/world.ts";
import { platformWith } from "../support/platform.ts";

const world = await openWorld();
afterAll(() => world.close());
beforeEach(() => {
  world.logged.length = 0;
});
afterEach(() => world.stopBridges());

const everyMs = 1000;

/** Locks whose renewals are told, answered and counted. */
function open(answer: () => Promise<string[]> = async () => []) {
  vi.useFakeTimers();
  const renewals: string[][] = [];
  const lost: string[][] = [];
  let troubles = 0;
  const locks = openLocks(
    {
      renew(jobIds, tokens) {
        renewals.push(jobIds.map((jobId, at) => `${jobId}=${tokens[at] ?? ""}`));
        return answer();
      },
      onLost: (jobIds) => void lost.push([...jobIds]),
      onTrouble: () => void (troubles += 1),
      platform: platformWith({ monotonic: () => Date.now() }),
    },
    everyMs,
  );
  return { locks, renewals, lost, troubles: () => troubles };
}
afterEach(() => vi.useRealTimers());

test("all locks are renewed together, and nothing is sent for none", async () => {
  const { locks, renewals } = open();
  await vi.advanceTimersByTimeAsync(everyMs);
  const letGo = [locks.hold("a", "1", 0), locks.hold("b", "2", 0)];
  await vi.advanceTimersByTimeAsync(2 * everyMs);
  letGo[0]?.();
  await vi.advanceTimersByTimeAsync(everyMs);
  locks.stop();
  await vi.advanceTimersByTimeAsync(everyMs);
  expect(renewals).toEqual([["a=1", "b=2"], ["a=1", "b=2"], ["b=2"]]);
});

test("a lock that is old when its job begins is renewed at once, and the others with it", async () => {
  const { locks, renewals } = open();
  locks.hold("a", "1", 0);
  locks.hold("b", "2", 1.3 * everyMs);
  await vi.advanceTimersByTimeAsync(everyMs / 10);
  expect(renewals).toEqual([["a=1", "b=2"]]);
  await vi.advanceTimersByTimeAsync(everyMs);
  locks.stop();
  expect(renewals).toHaveLength(2);
});

test("a lost lock is told once, unless its job has ended meanwhile", async () => {
  let letGo = () => {};
  const { locks, renewals, lost } = open(async () => {
    letGo();
    return ["a", "b"];
  });
  locks.hold("a", "1", 0);
  letGo = locks.hold("b", "2", 0);
  await vi.advanceTimersByTimeAsync(3 * everyMs);
  locks.stop();
  expect(lost).toEqual([["a"]]);
  expect(renewals).toHaveLength(1);
});

test("an earlier start that lets go of a job leaves the lock of a later one", async () => {
  const { locks, renewals } = open();
  const letGo = locks.hold("a", "1", 0);
  locks.hold("a", "2", 0);
  letGo();
  await vi.advanceTimersByTimeAsync(everyMs);
  locks.stop();
  expect(renewals).toEqual([["a=2"]]);
});

test("a renewal that fails is trouble, and is made again at the next look", async () => {
  const { locks, renewals, troubles } = open(async () => {
    throw new Error("Redis is away");
  });
  locks.hold("a", "1", 0);
  await vi.advanceTimersByTimeAsync(1.1 * everyMs);
  locks.stop();
  expect(renewals).toHaveLength(2);
  expect(troubles()).toBe(2);
});

test("a run outlives many times its lock, and asks the edge whose it is when the lock is lost", async () => {
  await world.ask("behaviours", { durationMs: 60_000 });
  await world.startBridge({ aliveMs: 60_000, watchMs: 3000 });
  const id = await world.submit("SELECT * FROM Customers");
  const within = { timeout: 10_000, interval: 50 };
  await expect.poll(() => world.edge.run(id), within).toMatchObject({ phase: "executing" });
  const lock = `${redisPrefix}:${runQueue}:${id}-1:lock`;
  const hearing = world.redis.duplicate();
  await hearing.subscribe(bridgesChannel);
  let told = 0;
  hearing.on("message", () => (told += 1));
  const left: number[] = [];
  for (const until = Date.now() + 8000; Date.now() < until;) {
    left.push(await world.redis.pttl(lock));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  // 5 s less 3.5 s, less what a busy machine takes.
  expect(Math.min(...left)).toBeGreaterThan(500);
  // The other bridges have to know that somebody is at work whom they should watch over.
  expect(told).toBeGreaterThan(1);
  hearing.disconnect();
  let asked = 0;
  world.edge.trouble = ({ verb }) => {
    if (verb === "alive") asked += 1;
    return "answer";
  };
  await world.redis.set(lock, "another bridge's");
  await expect.poll(() => world.logged.some(({ event }) => event === "lock lost"), within).toBe(true);
  await expect.poll(() => asked, within).toBe(1);
  expect(world.edge.run(id)).toMatchObject({ status: "running", epoch: 1 });
  await world.redis.del(lock);
  world.edge.trouble = () => "answer";
  world.edge.cancel(id);
}, 40_000);
