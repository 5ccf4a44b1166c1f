import type { Redis } from "ioredis";
import type { MceCall } from "#mce/client.ts";
import { throttledChannel } from "#protocol/redis-keys.ts";
import type { Settings } from "#protocol/settings.ts";
import { tellCalls } from "./call-minute.ts";
import type { Log } from "./log.ts";

/** Whose calls are counted together: MCE limits its tenants, not our runs. */
type Unit = { tenantId: string; mid: number };

/** Keeps the calls of each business unit within what MCE bears, over all bridges (D10). Redis away costs only the limit. */
export type CallBudget = {
  /** Counts a call that was made; one that MCE throttled slows its business unit down, on every bridge. */
  count(unit: Unit, call: MceCall): void;
  /** How long the unit's next poll has to wait at least, in milliseconds; 0 nearly always. */
  pace(unit: Unit): Promise<number>;
  /** How long MCE still wants the unit left alone altogether, in milliseconds; 0 nearly always. */
  pause(unit: Unit): Promise<number>;
};

/** So many calls are counted here before Redis hears of them: a poll makes two or three. */
const chunk = 10;

type Count = {
  pending: number;
  pauseUntil: number;
  waitUntil: number;
  /** Redis' latest answer, or its coming; absent: Redis may know of a pause that was not heard here. */
  asked?: Promise<void>;
};

/**
 * @param redis `hearing` subscribes, `acting` does the rest
 * @param now milliseconds that only ever grow
 */
export function openCallBudget(
  redis: { hearing: Redis; acting: Redis },
  limits: { callsPerMinute: number; settings: Pick<Settings, "callMinuteMs"> },
  now: () => number,
  log: Log,
): CallBudget {
  const counts = new Map<string, Count>();

  function countOf(key: string): Count {
    const known = counts.get(key) ?? { pending: 0, pauseUntil: 0, waitUntil: 0 };
    counts.set(key, known);
    return known;
  }
  function heed(key: string, pauseMs: number): Count {
    const count = countOf(key);
    count.pauseUntil = Math.max(count.pauseUntil, now() + pauseMs);
    return count;
  }

  hearPauses(redis.hearing, heed);
  // What was said before this bridge listened, or while it could not, Redis is asked for before a unit's next call.
  redis.hearing.on("ready", () => {
    for (const count of counts.values()) delete count.asked;
  });

  async function exchange(key: string, calls: number, pauseMs: number): Promise<void> {
    const { callsPerMinute, settings } = limits;
    const said = { calls, pauseMs, callsPerMinute, minuteMs: settings.callMinuteMs };
    const told = await tellCalls(redis.acting, key, said);
    if (told !== undefined) heed(key, told.pauseMs).waitUntil = now() + told.waitMs;
  }
  function tell(key: string, pauseMs = 0): Promise<void> {
    const count = countOf(key);
    const { pending } = count;
    count.pending = 0;
    return (count.asked = exchange(key, pending, pauseMs));
  }

  return {
    count(unit, call) {
      const key = keyOf(unit);
      countOf(key).pending += 1;
      if (call.waitMs === undefined) return;
      const pauseMs = Math.ceil(call.waitMs);
      heed(key, pauseMs);
      // The key before the word: who has not heard the word by then finds the key.
      void tell(key, pauseMs);
      redis.acting.publish(throttledChannel, `${pauseMs} ${key}`).catch(() => {});
      log("mce throttles", { tenantId: unit.tenantId, mid: unit.mid, ms: pauseMs });
    },
    async pace(unit) {
      const key = keyOf(unit);
      const count = countOf(key);
      const isBusy = count.waitUntil > now();
      const isDue = count.pending >= chunk || (isBusy && count.pending > 0);
      await (count.asked === undefined || isDue ? tell(key) : count.asked);
      return Math.max(0, count.waitUntil - now(), count.pauseUntil - now());
    },
    async pause(unit) {
      const key = keyOf(unit);
      const count = countOf(key);
      await (count.asked ?? tell(key));
      return Math.max(0, count.pauseUntil - now());
    },
  };
}

function hearPauses(hearing: Redis, heed: (key: string, pauseMs: number) => void): void {
  hearing.on("message", (channel, text) => {
    const [, pauseMs, key] = (channel === throttledChannel && /^(\d+) (.+)$/.exec(text)) || [];
    if (key !== undefined) heed(key, Number(pauseMs));
  });
  hearing.subscribe(throttledChannel).catch(() => {});
}

function keyOf({ tenantId, mid }: Unit): string {
  return `${tenantId}:${mid}`;
}
