import type { Platform } from "./platform.ts";

/** The first and the longest delay between two tries, in milliseconds. */
export type Pauses = { retryMinMs: number; retryMaxMs: number };

/** The delay after that many failed tries: the first one, doubled each time, up to the longest. */
export function backoff(tries: number, { retryMinMs, retryMaxMs }: Pauses): number {
  return Math.min(retryMaxMs, retryMinMs * 2 ** tries);
}

/** The result of one try. `again` asks for another one, after at least `waitMs`. */
export type Tried<T> = { kind: "done"; value: T } | { kind: "again"; value: T; waitMs?: number };

/** How long to go on trying. `now` may be another clock than the platform's, in milliseconds. */
export type Patience = Pauses & { patienceMs: number; signal?: AbortSignal; now?: () => number };

/**
 * Repeats a call until it is done, with back-off.
 *
 * @returns the value of the last try, also when the patience is used up or the signal has aborted
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
