import { fileURLToPath } from "node:url";
import process from "node:process";
import { openNeon, type Neon } from "../../../dev/stand-ins/neon.ts";
import { openRedis, type RunningRedis } from "../../../dev/stand-ins/redis.ts";

export type Stores = { redis: RunningRedis; neon: Neon };

const migrationsDir = fileURLToPath(new URL("../../../migrations", import.meta.url));
const tables = "select string_agg('sqe.' || tablename, ', ') as all from pg_tables where schemaname = 'sqe'";

let kept: Promise<Stores> | undefined;

/**
 * Redis and Postgres of this test process, for one test file after the other: a Postgres takes a second of processor time to
 * start. Postgres is empty; Redis is as the last file left it.
 */
export async function openStores(): Promise<Stores> {
  const stores = await (kept ??= start());
  const [found] = await stores.neon.rows(tables);
  await stores.neon.query(`truncate ${String(found?.["all"])} cascade`);
  return stores;
}

async function start(): Promise<Stores> {
  const users = { sqe_app: "app", sqe_sweeper: "sweeper" };
  const [redis, neon] = await Promise.all([openRedis(), openNeon({ migrationsDir, users })]);
  // Vitest ends its processes this way. Postgres is inside of this one, Redis is not.
  process.once("SIGTERM", () => void redis.close().then(() => process.kill(process.pid, "SIGTERM")));
  return { redis, neon };
}
