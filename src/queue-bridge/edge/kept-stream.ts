import type { Redis } from "ioredis";

/** A stream whose entries have one field; it expires `ttlSeconds` after the last write. */
export type KeptStream = { key: string; field: string; ttlSeconds: number; entriesMax: number };

/** KEYS: stream. ARGV: field, text, seconds, entries. */
const script = `
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[4], '*', ARGV[1], ARGV[2])
return redis.call('EXPIRE', KEYS[1], ARGV[3])
`;

/**
 * Appends an entry, in order of the calls, with one command instead of the four of a transaction. It sends the script's
 * text each time: with EVALSHA, an entry whose script Redis does not know yet would be overtaken by the next.
 */
export async function append(redis: Redis, stream: KeptStream, text: string): Promise<void> {
  const { key, field, ttlSeconds, entriesMax } = stream;
  await redis.eval(script, 1, key, field, text, ttlSeconds, entriesMax);
}
