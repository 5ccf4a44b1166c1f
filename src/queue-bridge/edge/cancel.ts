import type { Redis } from "ioredis";
import { cancelChannel } from "#protocol/redis-keys.ts";
import type { Log } from "../log.ts";

/** Announces canceled runs at once (D8). A lost message does no harm: the object's next answer has the status too. */
export type Cancels = {
  /** Calls `listener` when that run is canceled. @returns a function that stops listening */
  listen(runId: string, listener: () => void): () => void;
};

/** Subscribes on a connection of its own; ioredis resubscribes when it reconnects. */
export function openCancels(redis: Redis, log: Log): Cancels {
  const listeners = new Map<string, Set<() => void>>();
  redis.on("message", (channel, runId) => {
    if (channel !== cancelChannel) return;
    for (const listener of listeners.get(runId) ?? []) listener();
  });
  redis.subscribe(cancelChannel).catch(() => log("cancels not subscribed"));
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
