import type { Redis } from "ioredis";
import type { RunId } from "#protocol/ids.ts";
import { runLogField, runLogStream, runLogTtlSeconds } from "#protocol/redis-keys.ts";
import { append } from "./kept-stream.ts";
import type { Log } from "../log.ts";

/** Appends one transition to the run's Redis stream (D8); returns at once, in order of the calls. */
export type RunLog = (id: RunId, transition: string) => void;

/** Far more than a run has: only a bound on the stream's size. */
const entriesMax = 10_000;

/** Opens the log of transitions; when Redis is unreachable, only this copy is lost, never the run. */
export function openRunLog(redis: Redis, log: Log): RunLog {
  return (id, transition) => {
    const stream = { key: runLogStream(id), field: runLogField, ttlSeconds: runLogTtlSeconds, entriesMax };
    append(redis, stream, transition).catch(() => log("transition not copied to Redis", { runId: id }));
  };
}
