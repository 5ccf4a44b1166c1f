import type { Platform } from "#async/platform.ts";

/** A run that starts at once needs no place; a long wait is asked about less and less often. */
const firstMs = 700;
const growth = 1.3;
const longestMs = 10_000;

/** Tells a queued run's place whenever it changes, until the signal aborts. @param ask undefined: the place is not known now */
export async function followPosition(
  platform: Pick<Platform, "sleep">,
  ask: () => Promise<number | undefined>,
  tell: (position: number) => void,
  signal: AbortSignal,
): Promise<void> {
  let told: number | undefined;
  for (let waitMs = firstMs; await platform.sleep(waitMs, signal); waitMs = Math.min(longestMs, waitMs * growth)) {
    const position = await ask();
    if (signal.aborted) return;
    if (position === undefined || position === told) continue;
    tell(position);
    told = position;
  }
}
