import type { Redis } from "ioredis";
import type { Platform } from "#async/platform.ts";
import { deadline } from "#async/deadline.ts";
import { unsentGrant, unsentGrantTtlSeconds } from "#protocol/redis-keys.ts";

/**
 * Grants whose start has ended without sending their Perform, and never will. The object is told too; this is for the next
 * start of a run whose object could not be reached, or had a newer claim already. Known by the nonce, which is one
 * start's own: a number may be granted to another start later, if the object never heard of the first question.
 */
export type UnsentGrants = {
  note(nonce: string): Promise<void>;
  has(nonce: string): Promise<boolean>;
};

/** A Redis that is away costs only this note, never the run. */
const patienceMs = 500;

/** Opens the notes; what Redis loses is settled by reading, as if nobody could tell (D4). */
export function openUnsentGrants(redis: Redis, platform: Pick<Platform, "sleep">): UnsentGrants {
  return {
    async note(nonce) {
      const written = redis.set(unsentGrant(nonce), "", "EX", unsentGrantTtlSeconds).catch(() => {});
      await deadline(platform, written, patienceMs, () => undefined);
    },
    async has(nonce) {
      const found = redis.exists(unsentGrant(nonce)).catch(() => 0);
      return (await deadline(platform, found, patienceMs, () => undefined)) === 1;
    },
  };
}
