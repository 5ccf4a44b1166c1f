import { Redis as RestRedis } from "@upstash/redis";
import { z } from "zod";
import { withRedis } from "./tcp-redis.ts";
import { broken, ok, skipped, type Check, type Finding } from "./finding.ts";

const Read = z.array(z.tuple([z.string(), z.array(z.tuple([z.string(), z.array(z.string())]))])).nullable();
const group = "doctor";

/** The way of a job: the edge adds to a stream over REST, a bridge reads it over TCP as a consumer. */
export const redisRoadCheck: Check = {
  id: "redis-road",
  title: "Way from edge to bridge",
  async look({ settings: { worker, bridge } }, signal) {
    const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = worker ?? {};
    const tcpUrl = bridge?.["REDIS_URL"];
    if (url === undefined || token === undefined || tcpUrl === undefined)
      return [skipped("The way from edge to bridge: only one side's Redis is given")];
    const rest = new RestRedis({
      url,
      token,
      retry: false,
      automaticDeserialization: false,
      enableTelemetry: false,
      signal,
    });
    const key = `sqe:doctor:${crypto.randomUUID()}`;
    const word = crypto.randomUUID();
    const isPut = await rest.xadd(key, "*", { word }).then(
      () => true,
      () => false,
    );
    if (!isPut) return [restFinding];
    const isSeen = await withRedis(tcpUrl, signal, async (redis) => {
      await redis.xgroup("CREATE", key, group, "0", "MKSTREAM");
      const entries = Read.parse(await redis.xreadgroup("GROUP", group, "me", "COUNT", 1, "STREAMS", key, ">"));
      await redis.del(key);
      return entries?.[0]?.[1][0]?.[1][1] === word;
    });
    await rest.del(key).catch(() => undefined);
    return [
      isSeen === undefined
        ? skipped("The way from edge to bridge: Redis does not answer over TCP")
        : seenFinding(isSeen),
    ];
  },
};

const restFinding = broken(
  "Redis takes nothing over REST at UPSTASH_REDIS_REST_URL",
  "New runs stay queued: their jobs wait in the edge",
  "Check UPSTASH_REDIS_REST_URL and its token; a read-only token is not enough",
);

function seenFinding(isSeen: boolean): Finding {
  if (isSeen) return ok("What is put over REST is read over TCP");
  return broken(
    "What is put over REST is not there over TCP",
    "No bridge ever sees a run",
    "UPSTASH_REDIS_REST_URL and REDIS_URL must be the same database",
  );
}
