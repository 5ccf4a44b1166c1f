import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { expect, vi } from "vitest";
import type { RunId } from "#protocol/ids.ts";
import { intakeField, intakeStream } from "#protocol/redis-keys.ts";
import type { Run } from "#run/run.ts";
import { isOver } from "#protocol/run-status.ts";
import type { Target } from "#protocol/target.ts";
import { openRedis } from "../../../dev/stand-ins/redis.ts";
import type { FailPointName } from "../../../src/queue-bridge/fail-point.ts";
import { keepBridge } from "./kept-bridge.ts";
import { performsOf } from "./ledger.ts";
import type { World } from "./world.ts";

/** How long a killed run may take on a busy machine. */
const patience = { timeout: 120_000, interval: 100 };

type State = { dataExtensions: { key: string }[]; queries: { key: string; status: string }[] };

/** The outcome of a run whose bridge was killed once. */
export type Killed = {
  run: Run;
  /** How each process of the bridge ended. */
  deaths: readonly (string | number | null)[];
  /** Times MCE took a Perform, and times it wrote the rows. */
  performs: number;
  applied: number;
  /** Versions of the run in which it is over; a second one would be a second end. */
  ends: number;
  /** Active queries of the run, and Data Extensions that should not be there. */
  left: number;
};

/** Runs a query with a bridge that dies at one place, once, and waits until the next one has ended it and cleaned up. */
export async function killAt(
  world: World,
  point: FailPointName,
  ask: { sql: string; target?: Target },
): Promise<Killed> {
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
    const { id, job } = world.accept(ask.sql, ask.target === undefined ? {} : { target: ask.target });
    await redis.xadd(intakeStream, "*", intakeField, JSON.stringify(job));
    await vi.waitFor(() => expect(isOver(world.edge.run(id).status)).toBe(true), patience);
    const kept = world.edge.run(id).status === "ready" && ask.target === undefined ? ["dataExtension"] : [];
    await vi.waitFor(async () => {
      const open = world.edge.ledger(id).filter(({ state }) => state !== "deleted");
      expect(open.map(({ asset }) => asset)).toEqual(kept);
      expect(bridge.deaths).toEqual(["SIGKILL"]);
    }, patience);
    return { ...(await outcome(world, id, kept.length)), deaths: [...bridge.deaths] };
  } finally {
    await bridge.end();
    redis.disconnect();
    await redisServer.close();
    await rm(dir, { recursive: true, force: true });
  }
}

async function outcome(world: World, id: RunId, tablesKept: number): Promise<Omit<Killed, "deaths">> {
  const { dataExtensions, queries } = await world.ask<State>("state");
  const tables = dataExtensions.filter(({ key }) => key.includes(id)).length;
  const active = queries.filter(({ key, status }) => key.includes(id) && status === "Active").length;
  return {
    run: world.edge.run(id),
    ...(await performsOf(world, id)),
    ends: world.edge.versions(id).filter(({ status }) => isOver(status)).length,
    left: active + Math.abs(tables - tablesKept),
  };
}
