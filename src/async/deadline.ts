import type { Platform } from "./platform.ts";

/**
 * Waits for work up to a deadline. The work itself goes on and may still finish.
 *
 * The timer ends with the work, which `AbortSignal.timeout` does not: a pending one keeps a Durable Object from
 * hibernating (workerd 1.20261102: an eviction waits for it).
 *
 * @param late gives the answer when the deadline has passed; without it, `deadline` throws as `@std/async` does
 * @throws what the work throws, or a `TimeoutError`
 */
export async function deadline<T, L = never>(
  platform: Pick<Platform, "sleep">,
  work: Promise<T>,
  ms: number,
  late: () => L = timedOut,
): Promise<T | L> {
  const settled = new AbortController();
  const answer = work.then((value) => ({ value }));
  const timer = platform.sleep(ms, settled.signal).then(() => undefined);
  const first = await Promise.race([answer, timer]).finally(() => settled.abort());
  return first === undefined ? late() : first.value;
}

function timedOut(): never {
  throw new DOMException("The deadline has passed", "TimeoutError");
}
