import type { Redis } from "ioredis";
import type { RunId } from "#protocol/ids.ts";
import { runLogField, runLogStream, runLogTtlSeconds } from "#protocol/redis-keys.ts";
import type { Log } from "./log.ts";

/** Appends one transition to the run's Redis stream (D8); returns at once, in order of the calls. */
export type RunLog = (id: RunId, transition: string) => void;

/** Opens the log way of the transitions; a Redis that is away costs the copy only, never the run. */
export function openRunLog(redis: Redis, log: Log): RunLog {
  return (id, transition) => {
    const stream = runLogStream(id);
    redis
      .multi()
      .xadd(stream, "*", runLogField, transition)
      .expire(stream, runLogTtlSeconds)
      .exec()
      .catch(() => log("transition not copied to Redis", { runId: id }));
  };
}
