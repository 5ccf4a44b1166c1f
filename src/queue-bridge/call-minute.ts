import type { Redis } from "ioredis";
import { z } from "zod";
import { redisPrefix } from "#protocol/redis-keys.ts";
import { sleep } from "./sleep.ts";

/** After a 429 half the rate must do for a minute. */
const slowdown = 2;
const patienceMs = 300;

/**
 * The calls of the last minute, as a set of `<count>:<number>` by their time. KEYS: calls, pause, slowdown. ARGV: calls made,
 * calls a minute, a minute in milliseconds, the pause MCE asks for. Answers the milliseconds until another call is free,
 * and what is left of the pause. Of several pauses the one that ends last holds.
 */
const script = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local minute = tonumber(ARGV[3])
local pause = tonumber(ARGV[4])
if pause > 0 then
  if pause > redis.call('PTTL', KEYS[2]) then redis.call('SET', KEYS[2], '1', 'PX', pause) end
  local slow = math.ceil(pause + minute)
  if slow > redis.call('PTTL', KEYS[3]) then redis.call('SET', KEYS[3], '1', 'PX', slow) end
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
return { math.ceil(wait), math.max(redis.call('PTTL', KEYS[2]), 0) }
`;
const Answer = z.tuple([z.number(), z.number()]);

/**
 * Tells Redis of the calls that a business unit has made, and of the pause MCE asks it for (0: none).
 *
 * @returns how long the unit's next call has to wait for its minute, and what is left of its pause, both in
 *   milliseconds; undefined when Redis is away or slow
 */
export async function tellCalls(
  redis: Redis,
  unit: string,
  said: { calls: number; pauseMs: number; callsPerMinute: number; minuteMs: number },
): Promise<{ waitMs: number; pauseMs: number } | undefined> {
  const keys = ["calls", "pause", "slow"].map((name) => `${redisPrefix}:budget:${name}:${unit}`);
  const asked = redis.eval(script, 3, ...keys, said.calls, said.callsPerMinute, said.minuteMs, said.pauseMs);
  const answer = await Promise.race([asked.catch(() => undefined), sleep(patienceMs).then(() => undefined)]);
  const told = Answer.safeParse(answer);
  return told.success ? { waitMs: told.data[0], pauseMs: told.data[1] } : undefined;
}
