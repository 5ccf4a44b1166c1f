import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { timed } from "../stack/alternately.ts";
import type { BenchStack } from "../stack/bench-stack.ts";
import { commandsDuring } from "../stack/redis-commands.ts";
import { openUser, type User } from "../stack/user.ts";
import type { Tell } from "./latency.ts";

const querySeconds = 30;
const idleMs = 60_000;
/** A run's clean-up and its reports. */
const afterMs = 4000;
const known = "SELECT TOP 2500 OrderID, Total FROM Orders";
const unknown = ["SELECT TOP 2500 OrderID FROM Orders", "SELECT TOP 2500 OrderDate FROM Orders"];

/**
 * Measures Redis commands: of an idle minute, and of a run of 30 s that is followed by a stream, with its clean-up and
 * without those of the idle bridge. One run at a time, of new queries and of one that has taken 30 s eight times.
 *
 * @param stack where limits are on, because each run and each stream takes a place in Redis then (D59)
 */
export async function measureCommands(stack: BenchStack, tell: Tell): Promise<void> {
  const { edge, tokens, redis } = stack.file();
  const user = openUser(edge, tokens.alice);
  await stack.control("behaviours", { durationMs: querySeconds * 1000 });
  await Promise.all(Array.from({ length: 8 }, async () => user.follow((await user.submit(known)).id)));
  // Their clean-ups must not count.
  await sleep(2 * afterMs);
  const idle = await commandsDuring(redis, () => sleep(idleMs));
  tell("Redis commands, idle minute (at most 70)", [(idle * 60_000) / idleMs]);
  const costs: { unknown: number[]; learned: number[] } = { unknown: [], learned: [] };
  let id = "";
  for (const query of unknown) {
    costs.unknown.push((await costOf(redis, user, query, idle / idleMs)).commands);
    const learned = await costOf(redis, user, known, idle / idleMs);
    costs.learned.push(learned.commands);
    id = learned.id;
  }
  const run = `Redis commands, run of ${querySeconds} s, limits on`;
  tell(`${run}, nothing known (at most 60)`, costs.unknown);
  tell(`${run}, learned (at most 60)`, costs.learned);
  tell("requests to a run's object", [await requestsOf(redis, id)]);
}

async function costOf(redis: string, user: User, query: string, idlePerMs: number) {
  let [id, ms] = ["", 0];
  const busy = await commandsDuring(redis, async () => {
    ms = await timed(async () => {
      ({ id } = await user.submit(query));
      await user.follow(id);
      await sleep(afterMs);
    });
  });
  return { id, commands: busy - idlePerMs * ms };
}

/** Opened, claimed, granted, one request per transition, and one stream. */
async function requestsOf(redis: string, id: string): Promise<number> {
  const log = new Redis(redis);
  try {
    return 4 + (await log.xlen(`sqe:run:${id}:log`));
  } finally {
    log.disconnect();
  }
}
