import { setTimeout as sleep } from "node:timers/promises";
import type { Redis } from "ioredis";
import { withRedis } from "./tcp-redis.ts";
import { broken, ok, skipped, type Check, type Finding } from "./finding.ts";

const unreachable = broken(
  "Redis does not answer at REDIS_URL, or refuses the password",
  "The bridge takes no runs; those that run go on and report over HTTP",
  "Check address, port, password and TLS (rediss://) of REDIS_URL",
);
const pings = 11;
/** A run takes some dozen commands one after the other: more than this each is seconds a run. */
const slowMs = 100;
const blockSeconds = 0.3;

/** Redis as the bridge uses it, over TCP. */
export const redisCheck: Check = {
  id: "redis",
  title: "Redis",
  async look({ settings: { bridge } }, signal) {
    const url = bridge?.["REDIS_URL"];
    if (url === undefined) return [skipped("Redis: REDIS_URL is not given")];
    const findings = await withRedis(url, signal, async (redis) => {
      const key = `sqe:doctor:${crypto.randomUUID()}`;
      const blocked = await withRedis(url, signal, (other) => blockFinding(redis, other, key));
      return [
        await versionFinding(redis),
        await evictionFinding(redis),
        blocked ?? noBlockFinding,
        await scriptFinding(redis, key),
        await speedFinding(redis),
      ];
    });
    return findings ?? [unreachable];
  },
};

async function versionFinding(redis: Redis): Promise<Finding> {
  const version = /^redis_version:(\d+)\.(\d+)[^\r\n]*/m.exec(await redis.info("server").catch(() => ""));
  if (version === null) return skipped("The version of Redis: it does not tell");
  const [major = 0, minor = 0] = version.slice(1).map(Number);
  const text = version[0].replace("redis_version:", "");
  if (major > 6 || (major === 6 && minor >= 2)) return ok(`Redis ${text}`);
  return broken(`Redis ${text} is older than 6.2`, "The intake's XAUTOCLAIM does not work", "Use Redis 6.2 or newer");
}

async function evictionFinding(redis: Redis): Promise<Finding> {
  const answer = await redis.config("GET", "maxmemory-policy").catch(() => undefined);
  const policy = Array.isArray(answer) ? String(answer[1]) : undefined;
  if (policy === undefined)
    return skipped("Eviction of keys: Redis does not tell; at Upstash, look that Eviction is off");
  if (policy === "noeviction") return ok("Redis evicts no keys");
  return broken(
    `Redis evicts keys: maxmemory-policy is ${policy}`,
    "When memory is short, jobs vanish, and their runs are late by minutes",
    "Set maxmemory-policy noeviction; at Upstash, turn Eviction off",
  );
}

const noBlockFinding = broken(
  "BZPOPMIN does not wait for an element",
  "Bridges ask for jobs in a loop instead of waiting: many commands, and late starts",
  "Connect REDIS_URL to Redis itself over TCP, not to a proxy; the user needs the right to all commands",
);

/** BullMQ waits for jobs with BZPOPMIN: it must wait when there is nothing, and return when something comes. */
async function blockFinding(redis: Redis, other: Redis, key: string): Promise<Finding> {
  const from = performance.now();
  const nothing = await redis.bzpopmin(key, blockSeconds);
  const waitedMs = performance.now() - from;
  const waiting = redis.bzpopmin(key, 2);
  await sleep(50);
  const put = performance.now();
  await other.zadd(key, 1, "found");
  const found = await waiting;
  const lateMs = performance.now() - put;
  const isRight = nothing === null && waitedMs >= blockSeconds * 900 && found?.[1] === "found" && lateMs < 1500;
  return isRight ? ok("BZPOPMIN waits, and returns when something comes") : noBlockFinding;
}

async function scriptFinding(redis: Redis, key: string): Promise<Finding> {
  const answer = await redis
    .eval("return redis.call('EXISTS', KEYS[1]) + tonumber(ARGV[1])", 1, key, 7)
    .catch(() => undefined);
  if (answer === 7) return ok("EVAL works");
  return broken(
    "EVAL does not work",
    "Neither the queue nor the lines of waiting runs work",
    "The user of REDIS_URL needs the right to all commands (+@all)",
  );
}

async function speedFinding(redis: Redis): Promise<Finding> {
  const times: number[] = [];
  for (let count = 0; count < pings; count += 1) {
    const from = performance.now();
    await redis.ping();
    times.push(performance.now() - from);
  }
  const median = times.sort((one, other) => one - other)[Math.floor(pings / 2)] ?? 0;
  const text = `A command to Redis takes ${median.toFixed(1)} ms (median of ${pings})`;
  if (median <= slowMs) return ok(text);
  return broken(text, "Every run takes seconds longer than it should", "Run the bridge in the region of Redis");
}
