import type { Redis } from "ioredis";
import type { Platform } from "#async/platform.ts";
import { deadline } from "#async/deadline.ts";
import { unsentGrant, unsentGrantTtlSeconds } from "#protocol/redis-keys.ts";

/**
 * Grants whose start ended without sending their Perform. The object is notified too; this record is for the next start of
 * a run whose object was unreachable or already had a newer claim. The key is the nonce, which only one start has: the same
 * number may later be granted to another start, if the object never received the first request.
 */
export type UnsentGrants = {
  note(nonce: string): Promise<void>;
  has(nonce: string): Promise<boolean>;
};

/** Timeout: when Redis is unreachable, only this record is lost, never the run. */
const patienceMs = 500;

/** Opens the record; a grant that Redis loses is settled by reading from MCE (D4). */
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
