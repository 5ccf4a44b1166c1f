import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { cancelChannel, intakeField, intakeStream, runLogField, runLogStream } from "#protocol/redis-keys.ts";
import type { RedisClient } from "../../../src/run-object/redis.ts";
import type { ModelRedis } from "./redis.ts";

/** An object's storage in SQLite. @param arm sets its alarm, or takes it away */
export function storageOf(db: DatabaseSync, arm: (at: number | undefined) => void) {
  const prepared = new Map<string, StatementSync>();
  const statement = (query: string) => {
    const known = prepared.get(query) ?? db.prepare(query);
    prepared.set(query, known);
    return known;
  };
  return {
    sql: {
      exec(query: string, ...bindings: SQLInputValue[]) {
        if (query.includes("create table")) db.exec(query);
        const rows = query.includes("create table") ? [] : statement(query).all(...bindings);
        return { toArray: () => rows };
      },
    },
    setAlarm: async (at: number) => arm(at),
    deleteAlarm: async () => arm(undefined),
    async deleteAll() {
      for (const table of ["record", "events", "transitions", "outbox"]) db.exec(`drop table if exists ${table}`);
    },
  };
}

/** The way from the edge to Redis. */
export type WayToRedis = {
  redis: ModelRedis;
  /** @throws when the way is cut, or an announcement is lost */
  reachRedis: (isAnnouncement: boolean) => Promise<void>;
  /** Whether Redis takes the next command and then loses it, as a failover may. */
  isCommandLost: () => boolean;
};

/**
 * Upstash, as the object asks it: a command fails when Redis is away or the way to it is cut.
 *
 * @param outside waits for others, as long as the object is there
 */
export function redisClientOf(
  { redis, reachRedis, isCommandLost }: WayToRedis,
  outside: <T>(what: string, work: () => Promise<T>) => Promise<T>,
): RedisClient {
  const command = <T>(what: string, work: () => T, isAnnouncement = false) =>
    outside(`object ${what}`, async () => {
      await reachRedis(isAnnouncement);
      if (!redis.isUp()) throw new Error("Cannot reach Redis");
      return work();
    });
  return {
    putJob: (job) =>
      command("puts the job", () => {
        if (!isCommandLost()) redis.xadd(intakeStream, [intakeField, JSON.stringify(job)]);
      }),
    publishCancel: (id) => command("announces the end", () => redis.publish(cancelChannel, id), true),
    releasePlace: () => Promise.resolve(),
    readLog: (id) =>
      command("reads the log", () =>
        redis
          .range(runLogStream(id))
          .flatMap(({ fields: [field, text] }) => (field === runLogField && text ? [text] : [])),
      ),
    readTrace: () => Promise.resolve([]),
  };
}
