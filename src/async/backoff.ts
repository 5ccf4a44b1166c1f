import type { Platform } from "./platform.ts";

/** First and longest pause between two tries, in milliseconds. */
export type Pauses = { retryMinMs: number; retryMaxMs: number };

/** How long to pause after so many tries in vain: the first pause, doubled each time up to the longest. */
export function backoff(tries: number, { retryMinMs, retryMaxMs }: Pauses): number {
  return Math.min(retryMaxMs, retryMinMs * 2 ** tries);
}

/** What one try says of the next: `again` at the earliest after `waitMs`, when it is known. */
export type Tried<T> = { kind: "done"; value: T } | { kind: "again"; value: T; waitMs?: number };

/** How long to go on trying. `now` may be another clock than the platform's; both count milliseconds. */
export type Patience = Pauses & { patienceMs: number; signal?: AbortSignal; now?: () => number };

/**
 * The one loop that repeats a call: tries until one is done, with a pause between any two that doubles.
 *
 * @returns the last try's value, also when the patience is spent or the signal came
 */
export async function repeat<T>(
  platform: Pick<Platform, "now" | "sleep">,
  { patienceMs, signal, now = () => platform.now(), ...pauses }: Patience,
  attempt: () => Promise<Tried<T>>,
): Promise<T> {
  const giveUpAt = now() + patienceMs;
  for (let tries = 0; ; tries += 1) {
    const tried = await attempt();
    if (tried.kind === "done" || signal?.aborted) return tried.value;
    const waitMs = Math.max(backoff(tries, pauses), tried.waitMs ?? 0);
    if (now() + waitMs > giveUpAt || !(await platform.sleep(waitMs, signal))) return tried.value;
  }
}
