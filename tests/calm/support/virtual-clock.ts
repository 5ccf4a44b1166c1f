import { setImmediate as turn } from "node:timers/promises";
import type { Platform } from "#async/platform.ts";

/** Time that passes only when a test advances it, and then at once. */
export type VirtualClock = {
  now: () => number;
  /** Calls back at a moment of this clock. @returns a function that cancels it */
  at(due: number, work: () => void): () => void;
  /** The bridge's platform; its network is the test's. */
  platform(fetch: Platform["fetch"]): Platform;
  /** Advances by a number of milliseconds. */
  pass(ms: number): Promise<void>;
};

type Timer = { due: number; order: number; work: () => void };

/** Turns of the event loop after which everything is done that needs no time to pass. */
const turns = 3;

/** Opens a clock that stands at `start`. */
export function openVirtualClock(start: number): VirtualClock {
  let now = start;
  let order = 0;
  let uuids = 0;
  const timers = new Set<Timer>();

  function at(due: number, work: () => void): () => void {
    const timer = { due: Math.max(due, now), order: order++, work };
    timers.add(timer);
    return () => void timers.delete(timer);
  }

  function sleep(ms: number, signal?: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve(false);
      const onAbort = () => {
        cancel();
        resolve(false);
      };
      const cancel = at(now + Math.max(0, ms), () => {
        signal?.removeEventListener("abort", onAbort);
        resolve(true);
      });
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  function timeout(ms: number): AbortSignal {
    const controller = new AbortController();
    at(now + ms, () => controller.abort(new DOMException("The operation timed out", "TimeoutError")));
    return controller.signal;
  }

  function every(ms: number, work: () => void): () => void {
    let cancel = () => {};
    const arm = () => {
      cancel = at(now + ms, () => {
        arm();
        work();
      });
    };
    arm();
    return () => cancel();
  }

  async function settle(): Promise<void> {
    for (let left = turns; left > 0; left -= 1) await turn();
  }

  function next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of timers) {
      if (first === undefined || timer.due < first.due || (timer.due === first.due && timer.order < first.order))
        first = timer;
    }
    return first;
  }

  async function pass(ms: number): Promise<void> {
    const until = now + ms;
    await settle();
    for (let timer = next(); timer !== undefined && timer.due <= until; timer = next()) {
      timers.delete(timer);
      now = timer.due;
      timer.work();
      await settle();
    }
    now = until;
  }

  return {
    now: () => now,
    at,
    pass,
    platform: (fetch) => ({
      fetch,
      now: () => now,
      monotonic: () => now - start,
      random: () => 0.5,
      uuid: () => `00000000-0000-4000-8000-${String((uuids += 1)).padStart(12, "0")}`,
      sleep,
      timeout,
      every,
    }),
  };
}
