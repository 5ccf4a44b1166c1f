import { join } from "node:path";
import type { SharedStack } from "../support/stack.ts";
import type { Canary } from "./canary.ts";
import { readFiles, readSqlite } from "./files.ts";
import type { Found } from "./judge.ts";
import { readPostgres } from "./postgres.ts";
import { readRedis } from "./redis.ts";
import { openSearch } from "./search.ts";
import type { Entry } from "./sink.ts";

/** Reads all that a stack keeps: Redis, Postgres, the objects' databases, and every file of its folder. */
export async function readStores(stack: SharedStack): Promise<Entry[]> {
  const read = await Promise.all([
    readRedis(stack.redis),
    readPostgres(stack),
    readSqlite(join(stack.dir, "edge")),
    readFiles(stack.dir, "files of .dev"),
  ]);
  return read.flat();
}

/** Finds texts in all that a stack keeps, however they are written there. */
export async function whereIs(stack: SharedStack, texts: readonly string[]): Promise<Found[]> {
  const all = texts.map((text): Canary => ({ kind: "row value", text }));
  return findAll({ all }, await readStores(stack));
}

/** Finds canaries in all entries. */
export function findAll(canaries: { all: readonly Canary[] }, entries: readonly Entry[]): Found[] {
  const search = openSearch(canaries);
  return entries.flatMap(({ sink, place, content, isRaw }) =>
    search(content, isRaw !== true).map((hit) => ({ ...hit, sink, place })),
  );
}
