/**
 * Time, randomness and the network, as one argument, so that a test can put in its own clock. Lint rules refuse the
 * globals elsewhere.
 */
export type Platform = {
  fetch: typeof fetch;
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds that never go back, from any origin. */
  monotonic(): number;
  /** At least 0, below 1. */
  random(): number;
  uuid(): string;
  /** Waits. @returns false when the signal ended it early */
  sleep(ms: number, signal?: AbortSignal): Promise<boolean>;
  /** A signal that aborts after `ms`. */
  timeout(ms: number): AbortSignal;
  /** Calls `work` every `ms`. @returns a function that stops it */
  every(ms: number, work: () => void): () => void;
};

/** The real machine: Node or workerd. */
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
