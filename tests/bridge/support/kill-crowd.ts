import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { expect, vi } from "vitest";
import type { RunId } from "#protocol/ids.ts";
import { intakeField, intakeStream } from "#protocol/redis-keys.ts";
import type { Run } from "#run/run.ts";
import { isOver } from "#protocol/run-status.ts";
import { openRedis } from "../../../dev/stand-ins/redis.ts";
import type { FailPointName } from "../../../src/queue-bridge/fail-point.ts";
import { keepBridge } from "./kept-bridge.ts";
import { inCrowd } from "./kill-points.ts";
import type { World } from "./world.ts";

const runsMax = 12;
const slots = 8;
const patience = { timeout: 150_000, interval: 100 };
const sql = "SELECT CustomerKey FROM Customers";

/** When the bridge is killed: as soon as the runs look like this, or at its own fail point. */
const moments = {
  "shells are made": (runs: readonly Run[]) => runs.some(({ columns }) => columns !== undefined),
  "eight execute": (runs: readonly Run[]) => runs.filter(isExecuting).length === slots,
  "three have ended": (runs: readonly Run[]) => runs.filter(({ status }) => isOver(status)).length >= 3,
  ...inCrowd,
} as const satisfies Record<string, FailPointName | ((runs: readonly Run[]) => boolean)>;
export type Moment = keyof typeof moments;
// The object has no other keys.
export const everyMoment = Object.keys(moments) as Moment[];

/** How long each run that waited at the kill waited longer than it had to. */
export type Waits = {
  /** From the kill until the next bridge was up. */
  upMs: number;
  /** Of each waiting run, in milliseconds: from the later of "bridge up" and "a slot of its unit is free" until it was `preparing`. */
  waitsMs: readonly number[];
  /** From the kill to the end of the last run. */
  lastEndMs: number;
  statuses: readonly string[];
};

/** Submits twelve runs of one business unit, kills their bridge once, and waits until the next one has ended all. */
export async function killCrowd(world: World, moment: Moment): Promise<Waits> {
  const redisServer = await openRedis();
  const redis = new Redis(redisServer.url);
  const dir = await mkdtemp(join(tmpdir(), "sqe-kill-"));
  const when = moments[moment];
  const failing = typeof when === "string" ? { SQE_FAIL_AT: when, SQE_FAIL_ONCE_FILE: join(dir, "killed") } : {};
  const bridge = keepBridge({ ...world.environment, REDIS_URL: redisServer.url, ...failing });
  try {
    await vi.waitFor(() => expect(bridge.ups).toHaveLength(1), patience);
    const ids: RunId[] = [];
    for (let n = 0; n < runsMax; n += 1) {
      const { id, job } = world.accept(sql);
      ids.push(id);
      await redis.xadd(intakeStream, "*", intakeField, JSON.stringify(job));
    }
    const runs = () => ids.map((id) => world.edge.run(id));
    if (typeof when !== "string") {
      await vi.waitFor(() => expect(when(runs())).toBe(true), { ...patience, interval: 1 });
      bridge.kill();
    }
    await vi.waitFor(() => expect(bridge.deaths).toHaveLength(1), { ...patience, interval: 1 });
    const killedAt = Date.now();
    await vi.waitFor(() => expect(runs().every(({ status }) => isOver(status))).toBe(true), patience);
    return { ...waitsOf(runs(), killedAt, bridge.ups[1] ?? Infinity), statuses: runs().map(({ status }) => status) };
  } finally {
    await bridge.end();
    redis.disconnect();
    await redisServer.close();
    await rm(dir, { recursive: true, force: true });
  }
}

function waitsOf(runs: readonly Run[], killedAt: number, upAt: number): Omit<Waits, "statuses"> {
  const starts = runs.map((run) => ("startedAt" in run ? (run.startedAt ?? Infinity) : Infinity)).toSorted(byTime);
  const ends = runs.map((run) => ("endedAt" in run ? run.endedAt : Infinity)).toSorted(byTime);
  // The nth run to start needs the end of the run `slots` places before it.
  const waitsMs = starts.flatMap((startedAt, n) =>
    startedAt <= killedAt ? [] : [startedAt - Math.max(upAt, ends[n - slots] ?? 0)],
  );
  return { upMs: upAt - killedAt, waitsMs, lastEndMs: (ends.at(-1) ?? Infinity) - killedAt };
}

function byTime(one: number, other: number): number {
  return one - other;
}

function isExecuting(run: Run): boolean {
  return run.status === "running" && run.phase === "executing";
}
