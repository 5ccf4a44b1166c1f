import type { Settings } from "#protocol/settings.ts";

/**
 * How busy a bridge is, and so how long a run may wait in process. A delayed job costs five to ten commands to Redis and a
 * claim; a run that waits in process costs its share of a lock renewal, but takes one of the bridge's places.
 */
export type Capacity = {
  /** Takes a place. @returns a function that releases it */
  take(): () => void;
  /** The longest wait in process, in milliseconds; for a longer one the job is delayed. */
  longestWaitMs(): number;
};

/** Opens the capacity of a bridge that works on `places` runs at once; it is crowded when more than half of them are taken. */
export function openCapacity(
  places: number,
  { inProcessWaitMs, shortWaitMs }: Pick<Settings, "inProcessWaitMs" | "shortWaitMs">,
): Capacity {
  let taken = 0;
  return {
    take() {
      taken += 1;
      return () => void (taken -= 1);
    },
    longestWaitMs: () => (taken > places / 2 ? Math.min(shortWaitMs, inProcessWaitMs) : inProcessWaitMs),
  };
}
