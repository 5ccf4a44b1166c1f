import type { Redis } from "ioredis";
import { cancelChannel } from "#protocol/redis-keys.ts";
import type { Log } from "../log.ts";

/** Hears at once which runs are canceled (D8). A lost message is no harm: the next answer of the object says it too. */
export type Cancels = {
  /** Calls `listener` when that run is canceled. @returns stops listening */
  listen(runId: string, listener: () => void): () => void;
};

/** Subscribes, on a connection that does nothing else; ioredis subscribes again after Redis was away. */
export function openCancels(redis: Redis, log: Log): Cancels {
  const listeners = new Map<string, Set<() => void>>();
  redis.on("message", (channel, runId) => {
    if (channel !== cancelChannel) return;
    for (const listener of listeners.get(runId) ?? []) listener();
  });
  redis.subscribe(cancelChannel).catch(() => log("cancels not heard"));
  return {
    listen(runId, listener) {
      const own = listeners.get(runId) ?? new Set();
      listeners.set(runId, own.add(listener));
      return () => {
        own.delete(listener);
        if (own.size === 0) listeners.delete(runId);
      };
    },
  };
}
