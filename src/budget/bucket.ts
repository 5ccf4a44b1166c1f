import type { Limits } from "./limits.ts";

/** The level of a bucket, in units, at a time in milliseconds of its keeper's clock. */
export type Level = { level: number; at: number };

/**
 * A request for units: at least `need`, which is at most a full bucket, and up to `want` while the bucket is more than
 * half full, because units reserved and not used are lost. `floor` units have to be left after `need`.
 */
export type Wish = { need: number; want: number; floor: number };

/** How many units were granted, 0 or at least `need`, and after how many milliseconds to ask again. */
export type Taken = { granted: number; waitMs: number };

/** Takes units from a bucket. Pure. The Lua in `shared-bucket.ts` does the same for all processes together. */
export function take(
  { level, at }: Level,
  { need, want, floor }: Wish,
  { capacity, rate }: Pick<Limits, "capacity" | "rate">,
  now: number,
): Taken & { bucket: Level } {
  const filled = Math.min(capacity, level + Math.max(0, now - at) * rate);
  // A floor that even a full bucket cannot leave would be waited for forever.
  const over = filled - need - Math.min(floor, capacity - need);
  if (over < 0) return { granted: 0, waitMs: Math.ceil(-over / rate), bucket: { level: filled, at: now } };
  const spare = Math.max(0, Math.floor((filled - need) / 2 - capacity / 4));
  const granted = need + Math.min(Math.max(0, want - need), spare);
  return { granted, waitMs: 0, bucket: { level: filled - granted, at: now } };
}
