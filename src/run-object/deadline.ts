import { deadline } from "#async/deadline.ts";
import { openPlatform } from "#async/platform.ts";

const platform = openPlatform();
const answerMs = 10_000;

/**
 * Waits up to 10 s for Redis or Postgres, because the alarm has its own deadlines. Only for work that is safe to
 * repeat: it may still finish later.
 *
 * @throws what the work throws, or a `TimeoutError`
 */
export function answerInTime<T>(work: Promise<T>): Promise<T> {
  return deadline(platform, work, answerMs);
}
