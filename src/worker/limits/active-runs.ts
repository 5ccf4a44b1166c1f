import type { Context } from "hono";
import { activeRunsKey } from "#protocol/redis-keys.ts";
import { isOver } from "#protocol/run-status.ts";
import type { OpenAnswer, OpenRequest } from "#run/answers.ts";
import type { AppEnv } from "../app-types.ts";
import { problem } from "../problem.ts";
import { runStub, stubOf } from "../watch/run-stub.ts";
import { releaseLeases, takeLease } from "./leases.ts";

/** How soon a place may be free again; nobody knows. */
const retryAfter = 10;
/** Longer than any run lives after its two deadlines. */
const marginMs = 10 * 60_000;

/**
 * Opens a run if its user has fewer active ones than the limit. Its object gives the place back when the run is over; a
 * place whose run is over all the same is given back when a next run needs it.
 *
 * @returns what the object says, or the answer to a user who has too many
 */
export async function openWithinLimit(c: Context<AppEnv>, request: OpenRequest): Promise<OpenAnswer | Response> {
  const { config, clients } = c.var;
  const { activeRunsPerUser: places } = config.limits;
  const stub = stubOf(c.env, request.id);
  if (places === null) return stub.open(request);
  const { queueTimeoutMs, runTimeoutMs } = config.settings;
  const key = activeRunsKey(request.tenancy);
  const bounds = { places, ms: queueTimeoutMs + runTimeoutMs + marginMs };
  const take = () => takeLease(clients.redis, key, request.id, bounds);
  const first = await take();
  const lease = first.kind === "full" && (await releaseEnded(c, key, first.members)) ? await take() : first;
  if (lease.kind === "full") {
    const advice = "wait for one to end, or cancel one";
    return problem("RATE_LIMITED", `You may have ${places} runs that are not over; ${advice}`, { retryAfter });
  }
  let isActive = false;
  try {
    const answer = await stub.open({ ...request, isCounted: true });
    isActive = answer.kind !== "mismatch" && !isOver(answer.view.status);
    return answer;
  } finally {
    // An older run of the same id keeps the place it has.
    if (lease.kind === "taken" && !isActive) await releaseLeases(clients.redis, key, [request.id]);
  }
}

/** Gives back the places of runs that are over or lost. @returns whether there was one */
async function releaseEnded(c: Context<AppEnv>, key: string, ids: readonly string[]): Promise<boolean> {
  const { clients, user } = c.var;
  const ended = await Promise.all(
    ids.map(async (id) => {
      const view = await runStub(c.env, id)?.view(user);
      return view === undefined || isOver(view.status) ? [id] : [];
    }),
  );
  await releaseLeases(clients.redis, key, ended.flat());
  return ended.flat().length > 0;
}
