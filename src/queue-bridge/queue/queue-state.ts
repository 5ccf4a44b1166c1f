import type { Redis } from "ioredis";
import { z } from "zod";
import { deadline } from "#async/deadline.ts";
import type { Platform } from "#async/platform.ts";
import { shared } from "#async/shared.ts";
import { intakeStream } from "#protocol/redis-keys.ts";

/** What waits in Redis for any bridge; the names but `intake` are BullMQ's. */
export type QueueState = {
  depth: { intake: number; waiting: number; prioritized: number; delayed: number; active: number };
  /** How long the oldest of these waits: a command on the intake, a run that was never started, a job that is due. */
  ageMs: number;
};

/** A scrape must not wait for a Redis that is away. */
const patienceMs = 1000;
/** Several scrapers, and the two series of one scrape, share an answer. */
const freshMs = 10_000;
/** New runs are ordered by fairness and not by age, so the oldest of the first few is taken. */
const newMax = 20;

/**
 * KEYS: intake stream, BullMQ's lists and sets: wait, prioritized, delayed, active. ARGV: prefix of job keys, how many new
 * runs to look at. `ats`: starts so far; a job that was parked and woken has some, and its time is not known.
 */
const script = `
local first = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local since = now
if first then since = math.min(since, tonumber(string.match(first[1], '^%d+'))) end
for _, id in ipairs(redis.call('ZRANGE', KEYS[3], 0, tonumber(ARGV[2]) - 1)) do
  local job = redis.call('HMGET', ARGV[1] .. id, 'timestamp', 'ats')
  if job[1] and not job[2] then since = math.min(since, tonumber(job[1])) end
end
local due = redis.call('ZRANGE', KEYS[4], 0, 0, 'WITHSCORES')[2]
if due then since = math.min(since, math.floor(tonumber(due) / 4096)) end
return { redis.call('XLEN', KEYS[1]), redis.call('LLEN', KEYS[2]), redis.call('ZCARD', KEYS[3]),
  redis.call('ZCARD', KEYS[4]), redis.call('LLEN', KEYS[5]), now - since }
`;

const Reply = z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number()]);

/**
 * Opens a reader of the queue's state. It takes one command to Redis, and at most one in 10 s.
 *
 * @param keyOf a key of the queue in Redis, as BullMQ names it
 * @returns the reader; its answer is undefined while Redis does not answer
 */
export function openQueueState(
  redis: Redis,
  keyOf: (name: string) => string,
  platform: Pick<Platform, "monotonic" | "sleep">,
): () => Promise<QueueState | undefined> {
  const keys = ["wait", "prioritized", "delayed", "active"].map(keyOf);
  const ask = async (): Promise<QueueState | undefined> => {
    // Else the command would wait until Redis returns.
    if (redis.status !== "ready") return undefined;
    const asked = redis.eval(script, 5, intakeStream, ...keys, keyOf(""), newMax).catch(() => undefined);
    const reply = Reply.safeParse(await deadline(platform, asked, patienceMs, () => undefined));
    if (!reply.success) return undefined;
    const [intake, waiting, prioritized, delayed, active, ageMs] = reply.data;
    return { depth: { intake, waiting, prioritized, delayed, active }, ageMs };
  };
  return shared(
    () => platform.monotonic(),
    () => freshMs,
    ask,
  );
}
