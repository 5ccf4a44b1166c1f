import { createHash } from "node:crypto";
import type { Redis } from "ioredis";

/** Lua that Redis runs atomically. */
export type Script = { text: string; sha: string };

function script(text: string): Script {
  return { text, sha: createHash("sha1").update(text).digest("hex") };
}

/** Runs a script; sends its text only if this Redis does not know it yet. */
export async function runScript(
  redis: Redis,
  { text, sha }: Script,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  try {
    return await redis.evalsha(sha, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
    return redis.eval(text, keys.length, ...keys, ...args);
  }
}

// All scripts share their keys: 1 the line (run ids by order), 2 the BullMQ job of each run in it, 3 the slots (run ids by
// the end of their lease), 4 the lines that are not empty, 5 the virtual time. Leases end by Redis' clock: by its own, a bridge
// whose clock is ahead would end those of all others, and leave its own behind for as long.
const names = `
local line, jobs, slots, lines, fair = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function leaveLine(run)
  redis.call('HDEL', jobs, run)
  if redis.call('ZREM', line, run) == 1 and redis.call('EXISTS', line) == 0 then redis.call('SREM', lines, line) end
end
local function joinLine(run, order, job)
  redis.call('ZADD', line, 'NX', order, run)
  redis.call('HSET', jobs, run, job)
  redis.call('SADD', lines, line)
end
local function isCalled(run)
  return redis.call('ZSCORE', slots, run)
end
local function put(called, run)
  called[#called + 1] = run
  called[#called + 1] = redis.call('HGET', jobs, run) or ''
end
-- Reserves the slots that are free for the first runs of the line. They stay in it until they start: the bridge that
-- calls them may die before it has woken them.
local function callNext(cap, reservationMs)
  redis.call('ZREMRANGEBYSCORE', slots, '-inf', now)
  local free, called = cap - redis.call('ZCARD', slots), {}
  for _, run in ipairs(redis.call('ZRANGE', line, 0, cap - 1)) do
    if #called >= 2 * free then break end
    if not isCalled(run) then
      put(called, run)
      redis.call('ZADD', slots, now + reservationMs, run)
    end
  end
  return called
end
`;

/**
 * ARGV: run, job, tenant. Returns the run's order: one more than the tenant's last order and than the last that has started
 * (D13). The virtual time starts again when all lines are empty; BullMQ allows priorities up to 2^21 - 1.
 */
export const enterScript: Script = script(`${names}
local run, job, tenant = ARGV[1], ARGV[2], ARGV[3]
local known = redis.call('ZSCORE', line, run)
if known then
  redis.call('HSET', jobs, run, job)
  return tonumber(known)
end
if redis.call('SCARD', lines) == 0 then redis.call('DEL', fair) end
local times = redis.call('HMGET', fair, 'started', tenant)
local order = math.min(math.max(tonumber(times[1] or 0), tonumber(times[2] or 0)) + 1, 2097151)
redis.call('HSET', fair, tenant, order)
joinLine(run, order, job)
return order
`);

/**
 * ARGV: run, job, order, cap, and in milliseconds a lease and a reservation. Order 0 is a run that has executed before: it
 * continues regardless of the cap. Returns 1 when the run has a slot, else 0; then the runs that are called instead.
 */
export const takeScript: Script = script(`${names}
local run, job, order = ARGV[1], ARGV[2], tonumber(ARGV[3])
local cap, leaseMs, reservationMs = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local function start()
  redis.call('ZADD', slots, now + leaseMs, run)
  leaveLine(run)
  if order > tonumber(redis.call('HGET', fair, 'started') or 0) then redis.call('HSET', fair, 'started', order) end
  return { 1 }
end
if order == 0 or redis.call('ZSCORE', slots, run) then return start() end
redis.call('ZREMRANGEBYSCORE', slots, '-inf', now)
joinLine(run, order, job)
local free = cap - redis.call('ZCARD', slots)
for _, first in ipairs(redis.call('ZRANGE', line, 0, cap - 1)) do
  if first == run and free > 0 then return start() end
  if not isCalled(first) then free = free - 1 end
end
local called = callNext(cap, reservationMs)
table.insert(called, 1, 0)
return called
`);

/** ARGV: run, cap, a reservation in milliseconds. Returns the runs that are called next: run, job, run, job. */
export const leaveScript: Script = script(`${names}
local run, cap, reservationMs = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
redis.call('ZREM', slots, run)
leaveLine(run)
return callNext(cap, reservationMs)
`);

/** ARGV: cap, a reservation in milliseconds. Returns all runs that are called and have not started: run, job, run, job. */
export const callAgainScript: Script = script(`${names}
callNext(tonumber(ARGV[1]), tonumber(ARGV[2]))
local called = {}
for _, run in ipairs(redis.call('ZRANGE', slots, 0, -1)) do
  if redis.call('ZSCORE', line, run) then put(called, run) end
end
return called
`);
