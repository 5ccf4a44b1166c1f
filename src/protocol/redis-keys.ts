import type { RunId } from "./ids.ts";
import type { BusinessUnit, Owner } from "./tenancy.ts";

/** The prefix of every key that this engine writes, BullMQ's included. */
export const redisPrefix = "sqe";
/** Stream of commands from the edge; each entry has one field, `command`, with JSON. */
export const intakeStream = "sqe:intake";
export const intakeGroup = "bridge";
export const intakeField = "command";
/** BullMQ's queue of runs; its keys are `sqe:runs:…`. */
export const runQueue = "runs";
/** Pub/sub channel on which objects announce canceled runs (D8). */
export const cancelChannel = "sqe:cancel";

/** Key that exists while a run may be alive; without it the reconciler leaves Postgres alone until the next hour (D31). */
export const liveRunsKey = "sqe:live";
/** Sorted set of the bridges that run, as JSON, scored by when each of them last said so in epoch milliseconds (D32). */
export const bridgesKey = "sqe:bridges";

/** Stream of one run's transitions, a copy of what is pushed by signed HTTP (D8); kept 24 h. */
export function runLogStream(id: RunId): string {
  return `sqe:run:${id}:log`;
}
export const runLogField = "transition";
export const runLogTtlSeconds = 24 * 60 * 60;

/** Key that exists when the Perform granted under this nonce was not sent and never will be (D4). */
export function unsentGrant(nonce: string): string {
  return `sqe:unsent:${nonce}`;
}
export const unsentGrantTtlSeconds = 24 * 60 * 60;

/**
 * Hash of the answers to a dry run of the sweeper: `sweepUnitsField` lists the business units as soon as they are known,
 * and each gets a field of its own when it has answered.
 */
export function sweepAnswers(sweepId: string): string {
  return `sqe:sweep:${sweepId}`;
}
export const sweepUnitsField = "units";
export const sweepAnswersTtlSeconds = 10 * 60;

/**
 * Stream of a run's calls to MCE and the verdicts on their answers; kept as long as the log. Only `?debug=1` reads it.
 */
export function runTraceStream(id: RunId): string {
  return `sqe:run:${id}:trace`;
}
export const runTraceField = "trace";

/** A business unit's bucket of calls; keys that exist while MCE wants no calls, and while the bucket fills at half rate. */
export function budgetKeys(unit: BusinessUnit): readonly string[] {
  return ["bucket", "pause", "slow"].map((kind) => `sqe:budget:${kind}:${unit.tenantId}:${unit.mid}`);
}

/** Sorted set of a business unit's runs that wait for a slot, in the order they will get one (D13). */
export function lineKey(unit: BusinessUnit): string {
  return `sqe:line:${unit.tenantId}:${unit.mid}`;
}

/** The business unit of a line, by the line's key. */
export function unitOfLine(key: string): BusinessUnit {
  const [, , tenantId = "", mid] = key.split(":");
  return { tenantId, mid: Number(mid) };
}

/** Sorted set of a user's runs that are not over, where limits are on; scored by when the place ends by itself (D59). */
export function activeRunsKey({ tenantId, userId }: Owner): string {
  return `sqe:active:${tenantId}:${userId}`;
}

/** Sorted set of a user's open streams, as above. */
export function streamsKey({ tenantId, userId }: Owner): string {
  return `sqe:streams:${tenantId}:${userId}`;
}

/** Set of the lines that are not empty. */
export const linesKey = "sqe:lines";

/** All keys that a line's scripts need: the line, the jobs of the runs in it, the slots, the lines in use, the virtual time. */
export function fairKeys(unit: BusinessUnit): readonly string[] {
  const { tenantId, mid } = unit;
  return [lineKey(unit), `sqe:line-jobs:${tenantId}:${mid}`, `sqe:slots:${tenantId}:${mid}`, linesKey, "sqe:fair"];
}
