/**
 * What the code takes from the machine it runs on: time, chance and the network. It comes in as one argument, so that a
 * test can put a clock of its own in its place; the lint rules refuse the globals elsewhere.
 */
export type Platform = {
  fetch: typeof fetch;
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds that only ever grow, from an origin of their own. */
  monotonic(): number;
  /** At least 0, below 1. */
  random(): number;
  uuid(): string;
  /** Waits. @returns false when the signal cut it short */
  sleep(ms: number, signal?: AbortSignal): Promise<boolean>;
  /** A signal that aborts after so many milliseconds. */
  timeout(ms: number): AbortSignal;
  /** Calls back again and again. @returns what ends it */
  every(ms: number, work: () => void): () => void;
};

/** The machine itself: Node or workerd. */
export function openPlatform(): Platform {
  return {
    fetch: (input, init) => fetch(input, init),
    now: () => Date.now(),
    monotonic: () => performance.now(),
    random: () => Math.random(),
    uuid: () => crypto.randomUUID(),
    sleep,
    // AbortSignal.timeout takes whole milliseconds only.
    timeout: (ms) => AbortSignal.timeout(Math.max(0, Math.ceil(ms))),
    every(ms, work) {
      const timer = setInterval(work, ms);
      return () => clearInterval(timer);
    },
  };
}

function sleep(ms: number, signal?: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve(false);
    const onAbort = () => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(
      () => {
        signal?.removeEventListener("abort", onAbort);
        resolve(true);
      },
      Math.max(0, ms),
    );
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
