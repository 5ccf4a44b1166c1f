import { hostname } from "node:os";
import process from "node:process";
import { Redis } from "ioredis";
import { z } from "zod";
import { intakeGroup, intakeStream } from "#protocol/redis-keys.ts";

// The health check of the container, a program: it exits with 0 when a bridge on this host has recently asked the intake
// for work, so its loop runs and Redis accepts it. It takes two commands to Redis.

/** An idle bridge asks once a minute. */
const silentMs = 150_000;
const timeoutMs = 8000;
// Redis answers a consumer as [name, value, …].
const Consumers = z.array(z.array(z.union([z.string(), z.number(), z.null()])));

const redis = new Redis(process.env["REDIS_URL"] ?? "", {
  commandTimeout: timeoutMs,
  connectTimeout: timeoutMs,
  enableReadyCheck: false,
  maxRetriesPerRequest: 0,
  retryStrategy: () => null,
});
// The failed command reports it too.
redis.on("error", () => undefined);

try {
  const consumers = Consumers.parse(await redis.xinfo("CONSUMERS", intakeStream, intakeGroup));
  if (!consumers.some(isAtWork)) throw new Error("no bridge on this host has asked for work recently");
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : "unknown"}\n`);
  process.exit(1);
}

function isAtWork(facts: z.infer<typeof Consumers>[number]): boolean {
  const valueOf = (name: string) => facts[facts.indexOf(name) + 1];
  return String(valueOf("name")).startsWith(`${hostname()}-`) && Number(valueOf("idle")) < silentMs;
}
