import type { Context } from "hono";
import { streamsKey } from "#protocol/redis-keys.ts";
import type { AppEnv } from "../app-types.ts";
import { problem } from "../problem.ts";
import { releaseLeases, takeLease } from "./leases.ts";

/** A client that opens a stream again at once should find the place of the old one free. */
const retryAfter = 5;
/** A stream lives for at most 1.2 times `streamMs`; the rest is time to give its place back. */
const leaseMargin = 1.25;

/**
 * Takes one of the places that a user has for streams.
 *
 * @param streamMs how long the stream lives, ± 20 %
 * @returns what gives it back, to be called when the stream ends; or the answer to a user who has none left
 */
export async function takeStream(c: Context<AppEnv>, streamMs: number): Promise<(() => void) | Response> {
  const { config, clients, user } = c.var;
  const { streamsPerUser: places } = config.limits;
  if (places === null) return () => undefined;
  const [key, member] = [streamsKey(user), clients.platform.uuid()];
  const lease = await takeLease(clients.redis, key, member, { places, ms: streamMs * leaseMargin });
  if (lease.kind === "full") {
    const advice = "close one, or ask GET /v1/runs/{id}?wait=25 instead";
    return problem("RATE_LIMITED", `You may have ${places} streams open; ${advice}`, { retryAfter });
  }
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  // From the beginning, because a client that has gone takes the request along with it.
  c.executionCtx.waitUntil(ended.then(() => releaseLeases(clients.redis, key, [member])));
  return end;
}
