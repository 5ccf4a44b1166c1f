import { given } from "#lang/given.ts";
import { readJson } from "#lang/json.ts";
import { z } from "zod";
import { bridgesKey, intakeStream, redisPrefix, runQueue } from "#protocol/redis-keys.ts";
import { BridgeAnnouncement, bridgeSilentMs } from "#protocol/service-status.ts";
import type { WorkerRedis } from "../redis.ts";

const Count = z.coerce.number().int().nonnegative();
// Redis answers XRANGE as [[id, [field, value, …]], …], and scores after their members.
const Entries = z.array(z.tuple([z.string(), z.unknown()]));
const Scored = z.array(z.coerce.string());

/** Reads the bridges that run and how much waits, in eight commands. @throws when Redis did not answer */
export async function readRedisStatus({ ask }: Pick<WorkerRedis, "ask">, now: number) {
  const job = (state: string) => `${redisPrefix}:${runQueue}:${state}`;
  const [bridges, intake, oldest, wait, prioritized, paused, active, delayed] = await Promise.all([
    ask(["ZRANGE", bridgesKey, now - bridgeSilentMs, "+inf", "BYSCORE", "WITHSCORES"]),
    ask(["XLEN", intakeStream]),
    ask(["XRANGE", intakeStream, "-", "+", "COUNT", 1]),
    ask(["LLEN", job("wait")]),
    ask(["ZCARD", job("prioritized")]),
    ask(["LLEN", job("paused")]),
    ask(["LLEN", job("active")]),
    ask(["ZCARD", job("delayed")]),
  ]);
  const [first] = Entries.parse(oldest);
  const intakeSince = first && new Date(Number(first[0].split("-")[0])).toISOString();
  return {
    bridges: bridgesOf(Scored.parse(bridges)),
    queue: {
      intake: Count.parse(intake),
      ...given({ intakeSince }),
      waiting: Count.parse(wait) + Count.parse(prioritized) + Count.parse(paused),
      active: Count.parse(active),
      delayed: Count.parse(delayed),
    },
  };
}

/** What a newer bridge says and this edge cannot read is left out. */
function bridgesOf(scored: readonly string[]) {
  return scored.flatMap((text, at) => {
    const said = at % 2 === 0 ? BridgeAnnouncement.safeParse(readJson(text)).data : undefined;
    return said === undefined ? [] : [{ ...said, seenAt: new Date(Number(scored[at + 1])).toISOString() }];
  });
}
