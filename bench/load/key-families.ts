import { readFile } from "node:fs/promises";
import { Redis } from "ioredis";

const page = new URL("../../docs/reliability.md", import.meta.url);
const keysAtOnce = 1000;

/** Finds keys of a Redis that no row of "What grows" tells a bound of. */
export async function findKeysWithoutRow(redisUrl: string): Promise<readonly string[]> {
  const rows = rowsOf(await readFile(page, "utf8"));
  const redis = new Redis(redisUrl);
  const strangers: string[] = [];
  try {
    for await (const keys of redis.scanStream({ count: keysAtOnce }))
      // ioredis gives the keys of each step.
      for (const key of keys as string[]) if (!rows.some((row) => row.test(key))) strangers.push(key);
  } finally {
    redis.disconnect();
  }
  return strangers;
}

/** What the page's table calls keys, such as `sqe:line:*` and `sqe:run:{id}:log`. */
export function rowsOf(text: string): readonly RegExp[] {
  const names = [...text.matchAll(/`(sqe:[^`\s]+)`/g)].map(([, name = ""]) => name);
  return names.map((name) => {
    const parts = name.split(/(\*|\{[a-z]+\})/).map((part) => {
      // Our names of keys have no other character that means something in a pattern.
      return part === "*" ? ".+" : part.startsWith("{") ? "[^:]+" : part;
    });
    return new RegExp(`^${parts.join("")}$`);
  });
}
