import type { Log } from "../log.ts";
import type { Platform } from "#async/platform.ts";
import type { Slots } from "./slots.ts";

/** With the seconds a run takes to come after its call, well within the ten that a dead bridge may cost it (D11). */
const callAgainMs = 7500;

/** Calls again who waits in spite of a free slot, at the start and every few seconds, until this bridge leaves. */
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
