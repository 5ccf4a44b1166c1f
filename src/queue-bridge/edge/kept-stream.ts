import type { Redis } from "ioredis";

/** A stream whose entries have one field, and which goes when nobody has written for so long. */
export type KeptStream = { key: string; field: string; ttlSeconds: number; entriesMax: number };

/** KEYS: stream. ARGV: field, text, seconds, entries. */
const script = `
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[4], '*', ARGV[1], ARGV[2])
return redis.call('EXPIRE', KEYS[1], ARGV[3])
`;

/**
 * Appends an entry, in order of the calls: one command, where a transaction is four. Its text travels each time, because
 * a script that Redis does not know yet would let the next entry overtake.
 */
export async function append(redis: Redis, stream: KeptStream, text: string): Promise<void> {
  const { key, field, ttlSeconds, entriesMax } = stream;
  await redis.eval(script, 1, key, field, text, ttlSeconds, entriesMax);
}
