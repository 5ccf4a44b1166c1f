import type { RunId } from "./ids.ts";

/** Every key this engine writes starts with this; BullMQ's own too. */
export const redisPrefix = "sqe";
/** Stream of commands from the edge; each entry has one field, `command`, holding JSON. */
export const intakeStream = "sqe:intake";
export const intakeGroup = "bridge";
export const intakeField = "command";
/** BullMQ's queue of runs; its keys are `sqe:runs:…`. */
export const runQueue = "runs";
/** Pub/sub channel on which the object says which run was canceled (D8). */
export const cancelChannel = "sqe:cancel";

/** Stream of one run's transitions, the log beside the signed HTTP push (D8); kept 24 h. */
export function runLogStream(id: RunId): string {
  return `sqe:run:${id}:log`;
}
export const runLogField = "transition";
export const runLogTtlSeconds = 24 * 60 * 60;

/** Says that the Perform granted under this nonce was never sent and never will be (D4). */
export function unsentGrant(nonce: string): string {
  return `sqe:unsent:${nonce}`;
}
export const unsentGrantTtlSeconds = 24 * 60 * 60;

/**
 * Hash of the answers to a dry run of the sweeper: `sweepUnitsField` lists the business units as soon as they are known,
 * and each of them has a field of its own when it has answered.
 */
export function sweepAnswers(sweepId: string): string {
  return `sqe:sweep:${sweepId}`;
}
export const sweepUnitsField = "units";
export const sweepAnswersTtlSeconds = 10 * 60;

/**
 * Stream of the calls a run made to MCE and the verdicts on their answers, for `?debug=1` alone; kept as long as the
 * log. Nothing is decided by it.
 */
export function runTraceStream(id: RunId): string {
  return `sqe:run:${id}:trace`;
}
export const runTraceField = "trace";

/** A business unit's bucket of calls to MCE; there while MCE wants the unit left alone; there while it fills at half its rate. */
export function budgetKeys(unit: { tenantId: string; mid: number }): readonly string[] {
  return ["bucket", "pause", "slow"].map((kind) => `sqe:budget:${kind}:${unit.tenantId}:${unit.mid}`);
}

/** Sorted set of a business unit's runs that wait for a slot, in the order they will get one (D13). */
export function lineKey(unit: { tenantId: string; mid: number }): string {
  return `sqe:line:${unit.tenantId}:${unit.mid}`;
}

/** The business unit of a line, by the line's key. */
export function unitOfLine(key: string): { tenantId: string; mid: number } {
  const [, , tenantId = "", mid] = key.split(":");
  return { tenantId, mid: Number(mid) };
}

/** Set of the lines in which somebody waits. */
export const linesKey = "sqe:lines";

/** All keys of a business unit's line: the line, the jobs of the runs in it, the slots; the lines in use, the virtual time. */
export function fairKeys(unit: { tenantId: string; mid: number }): readonly string[] {
  const { tenantId, mid } = unit;
  return [lineKey(unit), `sqe:line-jobs:${tenantId}:${mid}`, `sqe:slots:${tenantId}:${mid}`, linesKey, "sqe:fair"];
}
