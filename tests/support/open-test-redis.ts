import type { Redis } from "ioredis";
import { afterAll } from "vitest";
import { openRedis as startRedis } from "../../dev/stand-ins/redis.ts";
import { openRedis } from "../../src/queue-bridge/queue/redis.ts";

/** Starts a Redis server for the tests of one file, which ends with them. @returns a connection as the bridge opens it */
export async function openTestRedis(): Promise<Redis> {
  const server = await startRedis();
  const redis = openRedis(server.url, "test", { log: () => {} });
  afterAll(async () => {
    redis.disconnect();
    await server.close();
  });
  return redis;
}
