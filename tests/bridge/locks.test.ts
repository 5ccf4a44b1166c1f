import { expect, test } from "vitest";
import { redisPrefix, runQueue } from "#protocol/redis-keys.ts";
import { useWorld } from "./support/use-world.ts";

const world = useWorld({ behaviours: { durationMs: 60_000 } });

test("a run outlives its lock many times, and asks the edge for its owner when the lock is lost", async () => {
  await world.startBridge({ aliveMs: 60_000 });
  const id = await world.submit("SELECT * FROM Customers");
  const within = { timeout: 30_000, interval: 50 };
  await expect.poll(() => world.edge.run(id), within).toMatchObject({ phase: "executing" });
  const lock = `${redisPrefix}:${runQueue}:${id}-1:lock`;
  const left: number[] = [];
  for (const until = Date.now() + 8000; Date.now() < until;) {
    left.push(await world.redis.pttl(lock));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  // 5 s minus 3 s, minus the delay of a busy machine.
  expect(Math.min(...left)).toBeGreaterThan(500);
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
});
