import { z } from "zod";
import { budgetKeys } from "#protocol/redis-keys.ts";
import type { Taken, Wish } from "./bucket.ts";
import type { Limits } from "./limits.ts";
import type { BusinessUnit } from "#protocol/tenancy.ts";

/** What a process says about itself when it asks. It shows what was in a bucket that Redis has lost. */
export type Asking = Wish & {
  /** The name of the bucket that the process took from last. */
  known: string;
  /** The process has used this unit's budget within the time in which an empty bucket fills. */
  isBusy: boolean;
  /** Units that the process used without asking, while Redis was away. */
  owed: number;
  /** The pause that MCE asked of the whole unit, in milliseconds; 0: none. */
  pauseMs: number;
};

/** `name` is the bucket's; `pauseMs` is what is left of a pause. With `granted` 0, ask again after `waitMs`. */
type SharedAnswer = Taken & { pauseMs: number; name: string };

/** The one bucket of a business unit, for all bridges and the edge. */
export type SharedBucket = {
  /** @returns undefined when Redis is away */
  ask(unit: BusinessUnit, asking: Asking): Promise<SharedAnswer | undefined>;
};

/** Runs a Lua script in Redis, with any client. @throws when Redis is away */
export type Evaluate = (lua: string, keys: readonly string[], words: readonly (string | number)[]) => Promise<unknown>;

/**
 * KEYS: bucket, pause, slowdown. ARGV: capacity, rate, minute, need, want, floor, known, busy, owed, pause asked for, a
 * name for a new bucket. A missing bucket counts as full, except for processes that have just taken from the lost one.
 * So it outlives the time in which they say so, although it is full sooner: else each pause would look like a loss.
 */
const lua = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local capacity, rate, minute = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local need, want, floor = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local asked = tonumber(ARGV[10])
if asked > 0 then
  if asked > redis.call('PTTL', KEYS[2]) then redis.call('SET', KEYS[2], '1', 'PX', asked) end
  local slow = math.ceil(asked + minute)
  if slow > redis.call('PTTL', KEYS[3]) then redis.call('SET', KEYS[3], '1', 'PX', slow) end
end
local pause = math.max(redis.call('PTTL', KEYS[2]), 0)
if redis.call('EXISTS', KEYS[3]) == 1 then rate = rate / 2 end
local kept = redis.call('HMGET', KEYS[1], 'level', 'at', 'name')
local level, name = capacity, ARGV[11]
if kept[1] then
  level = math.min(capacity, tonumber(kept[1]) + math.max(0, now - tonumber(kept[2])) * rate)
  name = kept[3]
end
if ARGV[8] == '1' and name ~= ARGV[7] then level = math.min(level, 0) end
level = math.max(level - tonumber(ARGV[9]), -capacity)
local granted, wait = 0, 0
local over = level - need - math.min(floor, capacity - need)
if pause > 0 then wait = pause
elseif over < 0 then wait = math.ceil(-over / rate)
else
  local spare = math.max(0, math.floor((level - need) / 2 - capacity / 4))
  granted = need + math.min(math.max(0, want - need), spare)
  level = level - granted
end
redis.call('HSET', KEYS[1], 'level', string.format('%.6f', level), 'at', now, 'name', name)
redis.call('PEXPIRE', KEYS[1], math.ceil((capacity - math.min(level, 0)) / rate) + 1000)
return { granted, wait, pause, name }
`;

const Reply = z.tuple([z.coerce.number(), z.coerce.number(), z.coerce.number(), z.string()]);

/** Opens the shared buckets of all business units. Each question is one command to Redis. */
export function openSharedBucket(
  evaluate: Evaluate,
  { capacity, rate, minuteMs }: Limits,
  newName: () => string,
): SharedBucket {
  return {
    async ask(unit, { need, want, floor, known, isBusy, owed, pauseMs }) {
      const words = [capacity, rate, minuteMs, need, want, floor, known, isBusy ? 1 : 0, owed, Math.ceil(pauseMs)];
      const reply = await evaluate(lua, budgetKeys(unit), [...words, newName()]).catch(() => undefined);
      const answer = Reply.safeParse(reply);
      if (!answer.success) return undefined;
      const [granted, waitMs, pause, name] = answer.data;
      return { granted, waitMs, pauseMs: pause, name };
    },
  };
}
