/** The longest time until a person who was switched off is out, with any credential (D88). */
export const revocationMaxMs = 5 * 60_000;

/** How long an isolate keeps what Postgres has said of a key or a person. */
export const cacheTtlMs = 30_000;

/**
 * When an open stream has to end, because its caller has to be checked again; in epoch milliseconds.
 *
 * @param endsAt when the credential itself ends
 */
export function recheckAt(now: number, endsAt: number = Infinity): number {
  return Math.min(endsAt, now + revocationMaxMs - cacheTtlMs);
}
