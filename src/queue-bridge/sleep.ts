import { setTimeout as wait } from "node:timers/promises";

/**
 * Waits in process.
 *
 * @returns false when the signal cut it short
 */
export async function sleep(ms: number, signal?: AbortSignal): Promise<boolean> {
  try {
    await wait(Math.max(0, ms), undefined, signal === undefined ? {} : { signal });
    return true;
  } catch {
    return false;
  }
}
