import { Redis } from "ioredis";

/**
 * Opens a connection that gives up, lets `use` work on it and closes it; also when the signal says so.
 *
 * @returns undefined when Redis cannot be reached, or refuses the password
 */
export async function withRedis<T>(
  url: string,
  signal: AbortSignal,
  use: (redis: Redis) => Promise<T>,
): Promise<T | undefined> {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    connectTimeout: 5000,
    commandTimeout: 5000,
  });
  // The call that fails reports it, too.
  redis.on("error", () => undefined);
  const close = () => redis.disconnect();
  signal.addEventListener("abort", close, { once: true });
  try {
    const isOpen = await redis.connect().then(
      () => redis.ping().then(() => true),
      () => false,
    );
    return isOpen ? await use(redis) : undefined;
  } catch {
    return undefined;
  } finally {
    signal.removeEventListener("abort", close);
    close();
  }
}
