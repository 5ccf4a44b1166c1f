import type { Redis } from "ioredis";
import type { Platform } from "#async/platform.ts";
import { bridgesChannel } from "#protocol/redis-keys.ts";

/**
 * How closely this bridge looks for what was left undone: jobs whose lock has run out, commands read but not acknowledged,
 * a marker that was taken by somebody who died. Each look is a command to Redis, so it is close only while there is
 * somebody who could leave something: after the start, after trouble with Redis, and while another bridge is heard at work.
 */
export type Vigil = {
  /** This bridge is at work; the others hear of it. */
  tell(): void;
  /** Something may have been left: closely from now on, for a while. */
  alarm(): void;
  isClose(): boolean;
  /** Calls back whenever close looking begins. */
  onClose(listener: () => void): void;
  /** How long a bridge that looks seldom waits between two looks. */
  seldomMs: number;
  /** Waits until the next look: `closeMs` while looking closely, else `seldomMs` or until close looking begins. */
  pause(closeMs: number, signal: AbortSignal): Promise<void>;
};

/** A bridge at work is never silent for longer than the watch: half of it is many a renewal of its locks. */
const tellsPerWatch = 3;
/** For whoever may have come in the meantime. */
const tellsAlone = 2;

/**
 * Opens the vigil, which begins closely.
 *
 * @param redis `hearing` subscribes; `acting` publishes
 * @param self unique among all bridges
 * @param watchMs for so long it stays close, and so long are the waits then; what it misses, the run objects find (D7)
 */
export function openVigil(
  redis: { hearing: Redis; acting: Redis },
  self: string,
  watchMs: number,
  platform: Pick<Platform, "monotonic" | "sleep">,
): Vigil {
  const now = () => platform.monotonic();
  let closeUntil = now() + watchMs;
  let toldAt = -Infinity;
  let isAlone = false;
  let beginning = new AbortController();
  const listeners: (() => void)[] = [];
  const isClose = () => now() < closeUntil;

  function alarm(): void {
    const wasClose = isClose();
    closeUntil = now() + watchMs;
    if (wasClose) return;
    beginning.abort();
    beginning = new AbortController();
    for (const listener of listeners) listener();
  }

  redis.hearing.on("message", (channel, who) => {
    if (channel === bridgesChannel && who !== self) alarm();
  });
  // What was at work while Redis was away may have lost its lock.
  redis.acting.on("ready", alarm);
  // Unheard, what another bridge leaves is found within a minute or two.
  redis.hearing.subscribe(bridgesChannel).catch(() => {});
  return {
    alarm,
    isClose,
    seldomMs: watchMs,
    tell() {
      if (now() - toldAt < watchMs / (isAlone ? tellsAlone : tellsPerWatch)) return;
      toldAt = now();
      // Its own connection hears it too; one that comes later looks closely anyhow, and is told with the next word.
      redis.acting.publish(bridgesChannel, self).then(
        (heard) => (isAlone = heard <= 1),
        () => {},
      );
    },
    onClose: (listener) => void listeners.push(listener),
    async pause(closeMs, signal) {
      const either = AbortSignal.any([signal, beginning.signal]);
      await platform.sleep(isClose() ? closeMs : watchMs, either);
    },
  };
}
