import { Redis } from "ioredis";
import { entryOf, type Entry } from "./sink.ts";

type Reader = (redis: Redis, key: string) => Promise<Buffer[]>;

/** How all of a key is read, by its type. */
const readers: Readonly<Record<string, Reader>> = {
  string: async (redis, key) => [(await redis.getBuffer(key)) ?? Buffer.alloc(0)],
  list: (redis, key) => redis.lrangeBuffer(key, 0, -1),
  hash: async (redis, key) =>
    Object.entries(await redis.hgetallBuffer(key)).map(([field, value]) =>
      Buffer.concat([Buffer.from(`${field} `), value]),
    ),
  set: (redis, key) => redis.smembersBuffer(key),
  zset: (redis, key) => redis.zrangeBuffer(key, "0", "-1", "WITHSCORES"),
  stream: async (redis, key) =>
    (await redis.xrangeBuffer(key, "-", "+")).map(([id, fields]) => Buffer.concat([id, ...fields])),
};

/**
 * Reads every key of a Redis, each by its type, and as DUMP gives it.
 *
 * @throws when a key has a type that is not known
 */
export async function readRedis(url: string): Promise<Entry[]> {
  const redis = new Redis(url);
  try {
    // Else DUMP compresses longer strings.
    await redis.config("SET", "rdbcompression", "no");
    const keys = await redis.keys("*");
    const perKey = keys.map(async (key) => {
      const type = await redis.type(key);
      // Expired since it was listed.
      if (type === "none") return [];
      const read = readers[type];
      if (read === undefined) throw new Error(`Cannot read Redis: ${key} is of the type ${type}`);
      const [values, dump] = await Promise.all([read(redis, key), redis.dumpBuffer(key)]);
      return [Buffer.from(key), ...values, dump ?? Buffer.alloc(0)].map((content): Entry => ({
        sink: `Redis ${type}`,
        place: key,
        content,
      }));
    });
    return (await Promise.all(perKey)).flat();
  } finally {
    redis.disconnect();
  }
}

/** Notes every command that a Redis gets from now on: what is in it only for a moment, and what is deleted. */
export async function watchRedis(url: string): Promise<{ entries(): Entry[]; close(): void }> {
  const redis = new Redis(url);
  const monitor = await redis.monitor();
  const commands: string[][] = [];
  monitor.on("monitor", (_time: string, words: string[]) => commands.push(words));
  return {
    // The search for scripts would find their own code a thousand times.
    entries: () => commands.map((words) => entryOf("Redis commands", words[0] ?? "", withoutScript(words).join(" "))),
    close() {
      monitor.disconnect();
      redis.disconnect();
    },
  };
}

function withoutScript(words: readonly string[]): readonly string[] {
  return words[0]?.toLowerCase() === "eval" ? words.slice(2) : words;
}
