import type { Redis } from "ioredis";
import type { RunId } from "#protocol/ids.ts";
import { runLogField, runLogStream, runLogTtlSeconds } from "#protocol/redis-keys.ts";
import { append } from "./kept-stream.ts";
import type { Log } from "../log.ts";

/** Appends one transition to the run's Redis stream (D8); returns at once, in order of the calls. */
export type RunLog = (id: RunId, transition: string) => void;

/** Far more than a run has; a stream without an end is nobody's. */
const entriesMax = 10_000;

/** Opens the log way of the transitions; a Redis that is away costs the copy only, never the run. */
export function openRunLog(redis: Redis, log: Log): RunLog {
  return (id, transition) => {
    const stream = { key: runLogStream(id), field: runLogField, ttlSeconds: runLogTtlSeconds, entriesMax };
    append(redis, stream, transition).catch(() => log("transition not copied to Redis", { runId: id }));
  };
}
