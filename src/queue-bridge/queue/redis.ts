import { Redis } from "ioredis";
import type { Log } from "../log.ts";

/** Longer than any command may block. */
const silentMs = 75_000;

/** Who hears about a connection: the log, once for each time away, and a count of all errors. */
export type RedisObserver = { log: Log; onError?: (connection: string) => void };

/**
 * Opens a connection that never gives up: commands wait while Redis is unreachable, and a socket that has not answered for
 * `silentMs` is replaced, so that a half-open connection cannot stop the bridge.
 *
 * @param name shown by CLIENT LIST and in the log
 */
export function openRedis(url: string, name: string, { log, onError }: RedisObserver): Redis {
  const redis = new Redis(url, {
    connectionName: `sqe-${name}`,
    maxRetriesPerRequest: null,
    enableReadyCheck: false,
    socketTimeout: silentMs,
    retryStrategy: (tries) => Math.min(100 * tries, 1000),
  });
  let isAway = false;
  redis.on("error", () => {
    onError?.(name);
    if (!isAway) log("redis away", { call: name });
    isAway = true;
  });
  redis.on("ready", () => {
    if (isAway) log("redis back", { call: name });
    isAway = false;
  });
  return redis;
}
