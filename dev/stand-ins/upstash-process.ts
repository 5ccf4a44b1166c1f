import { announceReady, variable } from "../stack/child.ts";
import { openUpstash } from "./upstash.ts";

// A part of the local stack: Upstash's REST protocol over its Redis.
const upstash = await openUpstash({
  port: Number(variable("PORT")),
  redisUrl: variable("REDIS_URL"),
  token: variable("UPSTASH_REDIS_REST_TOKEN"),
});
announceReady(upstash.url);
