import type { Redis } from "ioredis";
import type { MceCall } from "#mce/client.ts";
import { redisPrefix, throttledChannel } from "#protocol/redis-keys.ts";
import type { Settings } from "#protocol/settings.ts";
import type { Log } from "./log.ts";
import { sleep } from "./sleep.ts";

/** Whose calls are counted together: MCE limits its tenants, not our runs. */
type Unit = { tenantId: string; mid: number };

/** Keeps the calls of each business unit within what MCE bears, over all bridges (D10). Redis away costs only the limit. */
export type CallBudget = {
  /** Counts a call that was made; one that MCE throttled slows its business unit down, on every bridge. */
  count(unit: Unit, call: MceCall): void;
  /** How long the unit's next poll has to wait at least, in milliseconds; 0 nearly always. */
  pace(unit: Unit): Promise<number>;
  /** How long MCE still wants the unit left alone altogether, in milliseconds; 0 nearly always. */
  pause(unit: Unit): number;
};

/** So many calls are counted here before Redis hears of them: a poll makes two or three. */
const chunk = 10;
/** After a 429 half the rate must do for a minute. */
const slowdown = 2;
const patienceMs = 300;

/**
 * The calls of the last minute, as a set of `<count>:<number>` by their time. KEYS: calls, pause, slowdown. ARGV: calls made,
 * calls a minute, a minute in milliseconds, the pause MCE asks for. Answers the milliseconds until another call is free.
 */
const script = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local minute = tonumber(ARGV[3])
local pause = tonumber(ARGV[4])
if pause > 0 then
  if pause > redis.call('PTTL', KEYS[2]) then redis.call('SET', KEYS[2], '1', 'PX', pause) end
  redis.call('SET', KEYS[3], '1', 'PX', math.ceil(pause + minute))
end
local limit = tonumber(ARGV[2])
if redis.call('EXISTS', KEYS[3]) == 1 then limit = limit / ${slowdown} end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - minute)
if tonumber(ARGV[1]) > 0 then redis.call('ZADD', KEYS[1], now, ARGV[1] .. ':' .. clock[1] .. clock[2]) end
redis.call('PEXPIRE', KEYS[1], math.ceil(minute))
local entries = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
local sum = 0
for at = 1, #entries, 2 do sum = sum + tonumber(string.match(entries[at], '^%d+')) end
local wait = 0
for at = 1, #entries, 2 do
  if sum < limit then break end
  sum = sum - tonumber(string.match(entries[at], '^%d+'))
  wait = tonumber(entries[at + 1]) + minute - now
end
return math.max(math.ceil(wait), redis.call('PTTL', KEYS[2]), 0)
`;

type Count = {
  pending: number;
  /** The pause MCE has asked for since Redis was told last. */
  pauseMs: number;
  pauseUntil: number;
  waitUntil: number;
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
  const minuteMs = limits.settings.callMinuteMs;

  const keyOf = ({ tenantId, mid }: Unit) => `${tenantId}:${mid}`;
  function countOf(key: string): Count {
    const known = counts.get(key) ?? { pending: 0, pauseMs: 0, pauseUntil: 0, waitUntil: 0 };
    counts.set(key, known);
    return known;
  }
  function heed(key: string, pauseMs: number): Count {
    const count = countOf(key);
    count.pauseUntil = Math.max(count.pauseUntil, now() + pauseMs);
    return count;
  }

  redis.hearing.on("message", (channel, text) => {
    const [, pauseMs, key] = (channel === throttledChannel && /^(\d+) (.+)$/.exec(text)) || [];
    if (key !== undefined) heed(key, Number(pauseMs));
  });
  // Unheard, a pause is learned of with the next ten calls.
  redis.hearing.subscribe(throttledChannel).catch(() => {});

  async function tell(key: string, calls: number, pauseMs: number): Promise<number> {
    const names = ["calls", "pause", "slow"].map((name) => `${redisPrefix}:budget:${name}:${key}`);
    const asked = redis.acting.eval(script, 3, ...names, calls, limits.callsPerMinute, minuteMs, Math.ceil(pauseMs));
    const answer = await Promise.race([asked.catch(() => undefined), sleep(patienceMs).then(() => undefined)]);
    return typeof answer === "number" ? answer : pauseMs;
  }

  return {
    count(unit, call) {
      const key = keyOf(unit);
      countOf(key).pending += 1;
      if (call.waitMs === undefined) return;
      const pauseMs = Math.ceil(call.waitMs);
      const count = heed(key, pauseMs);
      count.pauseMs = Math.max(count.pauseMs, pauseMs);
      redis.acting.publish(throttledChannel, `${pauseMs} ${key}`).catch(() => {});
      log("mce throttles", { tenantId: unit.tenantId, mid: unit.mid, ms: pauseMs });
    },
    async pace(unit) {
      const key = keyOf(unit);
      const count = countOf(key);
      const isBusy = count.waitUntil > now();
      if (count.pending >= chunk || count.pauseMs > 0 || (isBusy && count.pending > 0)) {
        const { pending, pauseMs } = count;
        count.pending = 0;
        count.pauseMs = 0;
        count.waitUntil = now() + (await tell(key, pending, pauseMs));
      }
      return Math.max(0, count.waitUntil - now(), count.pauseUntil - now());
    },
    pause: (unit) => Math.max(0, countOf(keyOf(unit)).pauseUntil - now()),
  };
}
