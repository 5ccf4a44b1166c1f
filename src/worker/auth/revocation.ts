/** Whoever was switched off is out within this time, whatever they show and however it was opened before (D88). */
export const outWithinMs = 5 * 60_000;

/** How long an isolate believes what Postgres has said of a key or a person. */
export const believedMs = 30_000;

/**
 * Until when an open stream may rely on a credential that has just been read, in epoch milliseconds.
 *
 * @param endsAt when the credential itself ends
 */
export function reliedUntil(now: number, endsAt: number = Infinity): number {
  return Math.min(endsAt, now + outWithinMs - believedMs);
}

/** How long a stream may be open, ± 20 %, so that those that were opened together do not all come back together. */
export const streamMaxMs = (outWithinMs - believedMs) / 1.2;
