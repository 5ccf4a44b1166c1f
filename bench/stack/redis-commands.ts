import { Redis } from "ioredis";

/** Commands that clients send to Redis while something happens, without those inside scripts. */
export async function commandsDuring(redisUrl: string, act: () => Promise<unknown>): Promise<number> {
  const redis = new Redis(redisUrl);
  const monitor = await redis.monitor();
  let count = 0;
  monitor.on("monitor", (_time: string, _args: string[], source: string) => {
    if (source !== "lua") count += 1;
  });
  await act();
  monitor.disconnect();
  redis.disconnect();
  return count;
}
