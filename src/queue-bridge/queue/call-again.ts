import type { Log } from "../log.ts";
import type { Vigil } from "./vigil.ts";
import type { Slots } from "./slots.ts";

/** With the seconds a run takes to come after its call, well within the ten that a dead bridge may cost it (D11). */
const callAgainMs = 5000;

/** Calls again who waits in spite of a free slot, at the start and as closely as this bridge watches, until it leaves. */
export async function keepCalling(
  slots: Pick<Slots, "callAgain">,
  vigil: Pick<Vigil, "pause">,
  leaving: AbortSignal,
  log: Log,
): Promise<void> {
  while (!leaving.aborted) {
    await slots.callAgain().catch(() => log("runs not woken"));
    await vigil.pause(callAgainMs, leaving);
  }
}
