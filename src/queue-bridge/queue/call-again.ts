import type { Log } from "../log.ts";
import type { Platform } from "#async/platform.ts";
import type { Slots } from "./slots.ts";

/** Together with the seconds that a called run takes to start, this stays within the 10 s that a dead bridge may cost (D11). */
const callAgainMs = 7500;

/** Calls runs that wait although a slot is free, at the start and every few seconds, until this bridge shuts down. */
export async function keepCalling(
  slots: Pick<Slots, "callAgain">,
  platform: Pick<Platform, "sleep">,
  leaving: AbortSignal,
  log: Log,
): Promise<void> {
  while (!leaving.aborted) {
    await slots.callAgain().catch(() => log("runs not woken"));
    await platform.sleep(callAgainMs, leaving);
  }
}
