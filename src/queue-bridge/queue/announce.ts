import { hostname } from "node:os";
import process from "node:process";
import type { Redis } from "ioredis";
import { deadline } from "#async/deadline.ts";
import type { Platform } from "#async/platform.ts";
import { bridgesKey } from "#protocol/redis-keys.ts";
import { announceEveryMs, type BridgeAnnouncement } from "#protocol/service-status.ts";
import { version } from "#protocol/version.ts";

/** Bridges that ended without a word are kept this long, so that an operator can see what was there. */
const forgetMs = 24 * 60 * 60 * 1000;
const patienceMs = 500;

/**
 * Tells in Redis that this bridge runs, in one command a minute, until it is stopped (D32).
 *
 * @returns stops it, and tells that the bridge is gone
 */
export function announce(
  redis: Redis,
  name: string,
  platform: Pick<Platform, "now" | "every" | "sleep">,
): () => Promise<void> {
  const since = new Date(platform.now()).toISOString();
  const self: BridgeAnnouncement = { name, host: hostname(), pid: process.pid, version, since };
  // Always the same text: the set's member.
  const member = JSON.stringify(self);
  const say = () => {
    // A command that waited for Redis to return would tell an old time.
    if (redis.status === "ready") redis.zadd(bridgesKey, platform.now(), member).catch(() => undefined);
  };
  const start = redis
    .zremrangebyscore(bridgesKey, "-inf", platform.now() - forgetMs)
    .then(say)
    .catch(() => undefined);
  const stop = platform.every(announceEveryMs, say);
  return async () => {
    stop();
    const gone = start.then(() => redis.zrem(bridgesKey, member)).catch(() => undefined);
    await deadline(platform, gone, patienceMs, () => undefined);
  };
}
