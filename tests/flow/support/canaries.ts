import { readFile, readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { neon, neonConfig } from "@neondatabase/serverless";
import { Redis } from "ioredis";
import type { SharedStack } from "./stack.ts";

/** Where in a stack's stores and logs a text occurs, each as `redis key`, `postgres table` or `file path`. */
export async function whereIs(stack: SharedStack, texts: readonly string[]): Promise<string[]> {
  const places = await Promise.all([inRedis(stack, texts), inPostgres(stack, texts), inFiles(stack, texts)]);
  return places.flat();
}

async function inRedis(stack: SharedStack, texts: readonly string[]): Promise<string[]> {
  const redis = new Redis(stack.redis);
  try {
    // Else DUMP compresses longer strings.
    await redis.config("SET", "rdbcompression", "no");
    const keys = await redis.keys("*");
    const dumps = await Promise.all(keys.map((key) => redis.dumpBuffer(key)));
    return keys.flatMap((key, index) =>
      hits(Buffer.concat([Buffer.from(key), dumps[index] ?? Buffer.alloc(0)]), texts).map(
        (text) => `redis ${key}: ${text}`,
      ),
    );
  } finally {
    redis.disconnect();
  }
}

async function inPostgres(stack: SharedStack, texts: readonly string[]): Promise<string[]> {
  neonConfig.fetchEndpoint = () => stack.neonHttp;
  const admin = neon(stack.neonAdmin);
  const tables = await admin`select relname as name from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where nspname = 'sqe' and relkind = 'r'`;
  const places = tables.map(async ({ name }) => {
    const rows = await admin.query(`select to_jsonb(t)::text as row from sqe.${name} t`);
    return hits(Buffer.from(rows.map(({ row }) => row).join("\n")), texts).map((text) => `postgres ${name}: ${text}`);
  });
  return (await Promise.all(places)).flat();
}

/** All files of the stack: logs, the objects' SQLite, Postgres' own files with its write-ahead log. */
async function inFiles(stack: SharedStack, texts: readonly string[]): Promise<string[]> {
  const entries = await readdir(stack.dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const found: string[] = [];
  for (const file of files) {
    const content = await readFile(file).catch(() => Buffer.alloc(0));
    found.push(...hits(content, texts).map((text) => `file ${relative(stack.dir, file)}: ${text}`));
  }
  return found;
}

function hits(content: Buffer, texts: readonly string[]): string[] {
  return texts.filter((text) => content.includes(text));
}
