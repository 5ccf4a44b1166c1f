import type { Line, LineDeps } from "./line.ts";
import { canceled, throttledFor } from "./refusals.ts";

/**
 * Opens a line in which every caller asks for itself, for a Worker: there a request may neither wait for another one nor
 * work for it, because what it does ends with it (`openLine` has one caller ask for all).
 */
export function openOwnTurn({ platform, isPaused, ask }: LineDeps): Line {
  return {
    async wait(need, { patienceMs, signal }) {
      const giveUpAt = platform.monotonic() + patienceMs;
      for (;;) {
        if (signal?.aborted) return canceled;
        const { granted, waitMs } = await ask(need, need);
        if (granted >= need && !isPaused()) return undefined;
        const again = platform.monotonic() + waitMs;
        if (again > giveUpAt) return throttledFor(waitMs);
        await platform.sleep(waitMs, signal);
      }
    },
  };
}
