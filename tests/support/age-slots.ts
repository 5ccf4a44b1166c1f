import type { Redis } from "ioredis";

/** Lets time pass for the slots of all business units, and for nothing else: Redis' clock cannot be steered. */
export async function ageSlots(redis: Redis, ms: number): Promise<void> {
  for (const key of await redis.keys("sqe:slots:*"))
    for (const run of await redis.zrange(key, "0", "-1")) await redis.zincrby(key, -ms, run);
}
