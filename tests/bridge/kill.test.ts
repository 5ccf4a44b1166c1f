import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { RunId } from "#protocol/ids.ts";
import { intakeField, intakeStream } from "#protocol/redis-keys.ts";
import { isOver } from "#protocol/run.ts";
import { openRedis } from "../../dev/redis.ts";
import type { FailPointName } from "../../src/queue-bridge/fail-point.ts";
import { keepBridge } from "./support/kept-bridge.ts";
import type { World } from "./support/world.ts";
import { openWorld } from "./support/world.ts";

let world: World;

beforeAll(async () => {
  world = await openWorld();
  await world.ask("behaviours", { durationMs: 800 });
});
afterAll(() => world.close());

type State = { dataExtensions: { key: string }[]; queries: { key: string; status: string }[] };
type Entry = { event: string; queryKey?: string };

async function performs(id: RunId): Promise<number> {
  const { entries } = await world.ask<{ entries: Entry[] }>("ledger");
  return entries.filter(({ event, queryKey }) => event === "perform" && queryKey?.includes(id)).length;
}

const points: readonly FailPointName[] = [
  "claim:after",
  "folders:after",
  "de:before",
  "de:after",
  "qd:before",
  "qd:after",
  "grant:before",
  "grant:after",
  "perform:after",
  "performed:after",
  "poll",
  "confirm:before",
  "ready:before",
  "ready:after",
  "cleanup:before",
  "cleanup:after",
];

test.concurrent.each(points)(
  "a bridge killed at %s: the next one goes on, Performed once, ready, cleaned up",
  async (point) => {
    const redisServer = await openRedis();
    const redis = new Redis(redisServer.url);
    const dir = await mkdtemp(join(tmpdir(), "sqe-kill-"));
    const bridge = keepBridge({
      ...world.environment,
      REDIS_URL: redisServer.url,
      SQE_TIME_SCALE: "10",
      SQE_FAIL_AT: point,
      SQE_FAIL_ONCE_FILE: join(dir, "killed"),
    });
    try {
      const { id, job } = world.accept("SELECT * FROM Customers");
      await redis.xadd(intakeStream, "*", intakeField, JSON.stringify(job));
      const over = () => expect(isOver(world.edge.run(id).status)).toBe(true);
      await vi.waitFor(over, { timeout: 30_000, interval: 50 });
      expect(world.edge.run(id).status).toBe("ready");
      expect(await performs(id)).toBe(1);
      await vi.waitFor(
        async () => {
          expect(world.edge.ledger(id).map(({ state }) => state)).toEqual(["deleted", "created"]);
          const { dataExtensions, queries } = await world.ask<State>("state");
          expect(dataExtensions.filter(({ key }) => key.includes(id))).toHaveLength(1);
          expect(queries.filter(({ key, status }) => key.includes(id) && status === "Active")).toEqual([]);
          expect(bridge.deaths).toEqual(["SIGKILL"]);
        },
        { timeout: 15_000, interval: 50 },
      );
      const versions = world.edge.versions(id).map(({ version }) => version);
      expect(versions).toEqual(versions.map((_, index) => index + 1));
    } finally {
      await bridge.end();
      redis.disconnect();
      await redisServer.close();
      await rm(dir, { recursive: true, force: true });
    }
  },
  60_000,
);
