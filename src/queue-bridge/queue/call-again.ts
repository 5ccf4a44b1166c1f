import type { Log } from "../log.ts";
import type { Platform } from "#async/platform.ts";
import type { Slots } from "./slots.ts";

/** Together with the seconds that a called run takes to start, this stays within the 10 s that a dead bridge may cost (D11). */
const callAgainMs = 7500;

export type CallAgainDeps = {
  slots: Pick<Slots, "callAgain">;
  platform: Pick<Platform, "sleep">;
  leaving: AbortSignal;
  /** Called each time it has come round. */
  onTurn: () => void;
  log: Log;
};

/** Calls runs that wait although a slot is free, at the start and every few seconds, until this bridge shuts down. */
export async function keepCalling({ slots, platform, leaving, onTurn, log }: CallAgainDeps): Promise<void> {
  while (!leaving.aborted) {
    await slots.callAgain().catch(() => log("runs not woken"));
    onTurn();
    await platform.sleep(callAgainMs, leaving);
  }
}
