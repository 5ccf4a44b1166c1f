import type { Platform } from "./platform.ts";

/** Waits for an answer so long and no longer; what is given up may still arrive. @returns undefined when it is late */
export async function within<T>(
  platform: Pick<Platform, "sleep">,
  ms: number,
  work: Promise<T>,
): Promise<T | undefined> {
  const arrived = new AbortController();
  const late = platform.sleep(ms, arrived.signal).then(() => undefined);
  return Promise.race([work, late]).finally(() => arrived.abort());
}
