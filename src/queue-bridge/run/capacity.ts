import type { Settings } from "#protocol/settings.ts";

/**
 * How many runs are in hand, and so how long one may wait there. A run that leaves the processor and comes back costs five
 * to ten commands to Redis and a claim; one that stays costs its share of a lock renewal. But a bridge has only so many places.
 */
export type Capacity = {
  /** Takes a run in hand. @returns what lets go of it */
  take(): () => void;
  /** A longer wait has to leave the processor, in milliseconds. */
  longestWaitMs(): number;
};

/** Opens the capacity of a bridge that works on `places` runs at once; it is crowded when half of them are taken. */
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
