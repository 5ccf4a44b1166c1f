import { take } from "#budget/bucket.ts";
import type { Limits } from "#budget/limits.ts";
import type { SharedBucket } from "#budget/shared-bucket.ts";

/**
 * The buckets of all processes, in this one: what the Lua in Redis does, as its own test shows.
 *
 * @param isUp whether Redis answers
 */
export function bucketOf(limits: Limits, now: () => number, isUp: () => boolean = () => true): SharedBucket {
  const units = new Map<string, { level: { level: number; at: number }; pauseUntil: number }>();
  return {
    async ask({ tenantId, mid }, { pauseMs, ...wish }) {
      if (!isUp()) return undefined;
      const key = `${tenantId}/${mid}`;
      const unit = units.get(key) ?? { level: { level: limits.capacity, at: now() }, pauseUntil: 0 };
      units.set(key, unit);
      unit.pauseUntil = Math.max(unit.pauseUntil, now() + pauseMs);
      const left = unit.pauseUntil - now();
      if (left > 0) return { granted: 0, waitMs: left, pauseMs: left, name: "one" };
      const { bucket, ...taken } = take(unit.level, wish, limits, now());
      unit.level = bucket;
      return { ...taken, pauseMs: 0, name: "one" };
    },
  };
}
