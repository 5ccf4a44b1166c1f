import { z } from "zod";
import type { WorkerRedis } from "../redis.ts";

/** A place of a limited number: taken now, held before, or none left; then `members` have them. */
export type Lease = { kind: "taken" | "held" } | { kind: "full"; members: readonly string[] };

/**
 * KEYS: the sorted set of members by when they end. ARGV: member, places, milliseconds. One command to Upstash, whatever
 * it does inside.
 */
const lua = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return {'held'} end
local members = redis.call('ZRANGE', KEYS[1], 0, -1)
if #members >= tonumber(ARGV[2]) then return {'full', unpack(members)} end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[1])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[3]) then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
return {'taken'}
`;

const Reply = z.tuple([z.enum(["taken", "held", "full"])], z.string());

/** Takes one of `places` for `ms`. While Redis is away everybody gets one: it protects others, and loses nothing. */
export async function takeLease(
  { evaluate }: Pick<WorkerRedis, "evaluate">,
  key: string,
  member: string,
  { places, ms }: { places: number; ms: number },
): Promise<Lease> {
  const reply = Reply.safeParse(await evaluate(lua, [key], [member, places, ms]).catch(() => undefined));
  const [kind, ...members] = reply.success ? reply.data : (["taken"] as const);
  return kind === "full" ? { kind, members } : { kind };
}

/** Gives leases back. When Redis is away they end by themselves. */
export async function releaseLeases(
  { ask }: Pick<WorkerRedis, "ask">,
  key: string,
  members: readonly string[],
): Promise<void> {
  if (members.length > 0) await ask(["ZREM", key, ...members]).catch(() => undefined);
}
