import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Redis } from "ioredis";
import { within } from "../history/settle.ts";

const marker = "chaos:kept";
const markedSeconds = 60;
const backMs = 15_000;

/**
 * Has a Redis save its data and end; its supervisor starts it again in the same folder.
 *
 * @param dir where it keeps its data
 * @returns what waits until it is back; undefined when it was not there
 * @throws (what waits) when it comes back without its data, or not within 15 s
 */
export async function restartRedis(url: string, dir: string): Promise<(() => Promise<void>) | undefined> {
  const isSaved = await once(url, async (redis) => {
    await redis.set(marker, "1", "EX", markedSeconds);
    // It answers by closing the connection.
    await redis.shutdown("SAVE").catch(() => undefined);
    return true;
  });
  if (isSaved !== true) return undefined;
  return async () => {
    let isKept: boolean | undefined;
    await within(backMs, async () => {
      isKept = await once(url, async (redis) => (await redis.exists(marker)) === 1);
      return isKept !== undefined;
    });
    if (isKept !== true) throw new Error(`Cannot judge: Redis came back ${isKept === false ? "empty" : "not at all"}`);
    // Or else one that is killed later would come back with the data of today.
    await rm(join(dir, "dump.rdb"), { force: true });
  };
}

/** Opens a connection for one purpose. @returns undefined when Redis is not there */
export async function once<T>(url: string, ask: (redis: Redis) => Promise<T>): Promise<T | undefined> {
  const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
  redis.on("error", () => undefined);
  try {
    await redis.connect();
    return await ask(redis);
  } catch {
    return undefined;
  } finally {
    redis.disconnect();
  }
}
