import type { Platform } from "#async/platform.ts";
import type { MceFailure } from "#mce/failure.ts";
import type { Taken } from "./bucket.ts";
import type { Waiting } from "./budget.ts";

/** Those who wait for units of one class, first come, first served. */
export type Line = { wait(need: number, waiting: Waiting): Promise<MceFailure | undefined> };

export type LineDeps = {
  platform: Pick<Platform, "monotonic" | "sleep">;
  /** Units that were reserved too many are gone after this. */
  lapseMs: number;
  /** Asks for `need` units, better `want`. */
  ask: (need: number, want: number) => Promise<Taken>;
};

type Waiter = { need: number; giveUpAt: number; end: (refusal?: MceFailure) => void };

/** As many units as are reserved at once at most. */
const chunkMax = 10;

/** Opens a line: one question at a time is under way for all who wait, and it asks for as much as they use. */
export function openLine({ platform, lapseMs, ask }: LineDeps): Line {
  const waiters: Waiter[] = [];
  let chunk = { left: 0, until: 0 };
  let used: number[] = [];
  let nextAskAt = 0;
  let isServing = false;

  /** How many units went lately, and so may be needed before new ones lapse. */
  function usedLately(now: number): number {
    used = used.filter((at) => now - at < lapseMs);
    return used.length;
  }

  function serveFromChunk(head: Waiter): boolean {
    const now = platform.monotonic();
    if (chunk.until < now) chunk.left = 0;
    if (chunk.left < head.need) return false;
    chunk.left -= head.need;
    used.push(...Array.from({ length: head.need }, () => now));
    return true;
  }

  async function serve(): Promise<void> {
    for (let head = waiters[0]; head !== undefined; head = waiters[0]) {
      if (serveFromChunk(head)) {
        waiters.shift();
        head.end();
        continue;
      }
      const asked = waiters.reduce((sum, { need }) => sum + need, 0);
      const want = Math.min(chunkMax, Math.max(asked, usedLately(platform.monotonic())));
      const { granted, waitMs } = await ask(head.need, Math.max(head.need, want));
      const now = platform.monotonic();
      // Who has left meanwhile leaves the units to those behind.
      if (granted > 0) chunk = { left: granted, until: now + lapseMs };
      else {
        nextAskAt = now + waitMs;
        refuseImpatient();
        if (waiters.length > 0) await platform.sleep(waitMs);
      }
    }
    isServing = false;
  }

  function refuseImpatient(): void {
    const now = platform.monotonic();
    for (const waiter of [...waiters]) if (waiter.giveUpAt < nextAskAt) waiter.end(throttledFor(nextAskAt - now));
  }

  return {
    wait(need, { patienceMs, signal }) {
      if (signal?.aborted) return Promise.resolve(calledOff);
      return new Promise((resolve) => {
        const onAbort = () => waiter.end(calledOff);
        const waiter: Waiter = {
          need,
          giveUpAt: platform.monotonic() + patienceMs,
          end(refusal) {
            const at = waiters.indexOf(waiter);
            if (at >= 0) waiters.splice(at, 1);
            signal?.removeEventListener("abort", onAbort);
            resolve(refusal);
          },
        };
        signal?.addEventListener("abort", onAbort, { once: true });
        waiters.push(waiter);
        if (isServing) return refuseImpatient();
        isServing = true;
        void serve();
      });
    },
  };
}

const calledOff: MceFailure = {
  kind: "aborted",
  retry: "never",
  message: "The call was called off before it was sent",
};

function throttledFor(waitMs: number): MceFailure {
  const message = `The business unit's calls to MCE are used up for another ${Math.ceil(waitMs / 1000)} s`;
  return { kind: "throttled", retry: "later", waitMs: Math.max(1, Math.ceil(waitMs)), message };
}
