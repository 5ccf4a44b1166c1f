import type { Platform } from "#async/platform.ts";
import type { MceFailure } from "#mce/failure.ts";
import type { Taken } from "./bucket.ts";
import { canceled, throttledFor } from "./refusals.ts";

/** How long a caller waits for units. */
export type Waiting = { patienceMs: number; signal?: AbortSignal };

/** The callers that wait for units of one class, first come, first served. */
export type Line = { wait(need: number, waiting: Waiting): Promise<MceFailure | undefined> };

export type LineDeps = {
  platform: Pick<Platform, "monotonic" | "sleep">;
  /** Reserved units that are not used are lost after this. */
  lapseMs: number;
  /** MCE has asked for a pause: units that are already reserved are not used either. */
  isPaused: () => boolean;
  /** Asks for `need` units, or up to `want`. */
  ask: (need: number, want: number) => Promise<Taken>;
};

type Waiter = { need: number; giveUpAt: number; end: (refusal?: MceFailure) => void };

/** At most this many units are reserved at once. */
const chunkMax = 10;

/** Units that are reserved and not used yet, and how many were used lately. */
function openChunk(platform: Pick<Platform, "monotonic">, lapseMs: number) {
  let left = 0;
  let until = 0;
  let used: number[] = [];
  return {
    fill(units: number) {
      left = units;
      until = platform.monotonic() + lapseMs;
    },
    /** @returns false when there are fewer */
    take(units: number): boolean {
      const now = platform.monotonic();
      if (until < now || left < units) return false;
      left -= units;
      used.push(...Array.from({ length: units }, () => now));
      return true;
    },
    /** As many may be needed again before new ones are lost. */
    usedLately(): number {
      const now = platform.monotonic();
      used = used.filter((at) => now - at < lapseMs);
      return used.length;
    },
  };
}

/** Opens a line. One question at a time is under way for all waiters, and it asks for as much as they use. */
export function openLine({ platform, lapseMs, isPaused, ask }: LineDeps): Line {
  const waiters: Waiter[] = [];
  const chunk = openChunk(platform, lapseMs);
  let nextAskAt = 0;
  let isServing = false;

  async function serve(): Promise<void> {
    for (let head = waiters[0]; head !== undefined; head = waiters[0]) {
      if (!isPaused() && chunk.take(head.need)) {
        head.end();
        continue;
      }
      const asked = waiters.reduce((sum, { need }) => sum + need, 0);
      const want = Math.min(chunkMax, Math.max(asked, chunk.usedLately()));
      const { granted, waitMs } = await ask(head.need, Math.max(head.need, want));
      // The units of a waiter that has left go to those behind it.
      if (granted > 0) chunk.fill(granted);
      else {
        nextAskAt = platform.monotonic() + waitMs;
        refuseImpatient();
        if (waiters.length > 0) await platform.sleep(waitMs);
      }
    }
    isServing = false;
  }

  function refuseImpatient(): void {
    const impatient = waiters.filter(({ giveUpAt }) => giveUpAt < nextAskAt);
    for (const waiter of impatient) waiter.end(throttledFor(nextAskAt - platform.monotonic()));
  }

  function join(need: number, giveUpAt: number, end: Waiter["end"]): Waiter {
    const waiter: Waiter = {
      need,
      giveUpAt,
      end(refusal) {
        const at = waiters.indexOf(waiter);
        if (at >= 0) waiters.splice(at, 1);
        end(refusal);
      },
    };
    waiters.push(waiter);
    return waiter;
  }

  return {
    wait(need, { patienceMs, signal }) {
      if (signal?.aborted) return Promise.resolve(canceled);
      return new Promise((resolve) => {
        const onAbort = () => waiter.end(canceled);
        const waiter = join(need, platform.monotonic() + patienceMs, (refusal) => {
          signal?.removeEventListener("abort", onAbort);
          resolve(refusal);
        });
        signal?.addEventListener("abort", onAbort, { once: true });
        if (isServing) return refuseImpatient();
        isServing = true;
        void serve();
      });
    },
  };
}
