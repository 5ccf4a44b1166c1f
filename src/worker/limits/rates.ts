import type { Context, MiddlewareHandler } from "hono";
import type { Owner } from "#protocol/tenancy.ts";
import type { AppEnv } from "../app-types.ts";
import { problem } from "../problem.ts";
import { addressOf } from "./address.ts";
import type { Limits } from "./limit-settings.ts";

type Rate = {
  binding: "RUN_LIMIT" | "CHECK_LIMIT" | "VALIDATION_LIMIT" | "SIGN_IN_LIMIT" | "HANDOFF_LIMIT";
  limit: keyof Limits;
  /** What it says to somebody who is over it. */
  says(limit: number): string;
};

/** Everything that is counted by the minute, by the name it has in headers. */
const rates = {
  runs: {
    binding: "RUN_LIMIT",
    limit: "runsPerMinute",
    says: (limit) => `You may submit ${limit} runs a minute; try again in a minute`,
  },
  checks: {
    binding: "CHECK_LIMIT",
    limit: "checksPerMinute",
    says: (limit) => `You may check ${limit} queries a minute; try again in a minute`,
  },
  validations: {
    binding: "VALIDATION_LIMIT",
    limit: "validationsPerMinute",
    says: (limit) => `You may validate ${limit} queries a minute; try again in a minute, or send \`validate: false\``,
  },
  "sign-ins": {
    binding: "SIGN_IN_LIMIT",
    limit: "signInsPerMinute",
    says: (limit) => `From one address ${limit} steps of signing in a minute are possible; try again in a minute`,
  },
  handoffs: {
    binding: "HANDOFF_LIMIT",
    limit: "handoffsPerMinute",
    says: (limit) => `From one address ${limit} sign-ins a minute can be handed on; try again in a minute`,
  },
} satisfies Record<string, Rate>;

/** Workers' rate limit counts in windows of a minute, and tells neither what is left nor when it begins anew. */
const windowSeconds = 60;

/** Counts a request of a user. @returns the answer to one that is over the limit */
export function refuseOverRate(
  c: Context<AppEnv>,
  name: "runs" | "checks" | "validations",
  { tenantId, userId }: Owner,
): Promise<Response | undefined> {
  return count(c, name, `${tenantId}|${userId}`);
}

/** Counts what comes without a credential by its address. A poll of a hand-off has a bound of its own. */
export const limitByAddress: MiddlewareHandler<AppEnv> = async (c, next) => {
  const { path, method } = c.req;
  const isPoll = method === "POST" && /^\/auth\/handoffs\/[^/]+$/.test(path);
  const name = method === "POST" && path === "/auth/handoffs" ? "handoffs" : "sign-ins";
  const refusal = isPoll ? undefined : await count(c, name, addressOf(c.req.raw));
  if (refusal !== undefined) return refusal;
  await next();
  return undefined;
};

/** Tells each limit that a request was counted against (draft-ietf-httpapi-ratelimit-headers-10). */
export const tellRates: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next();
  const { rates: told = [] } = c.var;
  if (told.length > 0) c.header("ratelimit-policy", told.join(", "));
};

async function count(c: Context<AppEnv>, name: keyof typeof rates, who: string): Promise<Response | undefined> {
  const rate: Rate = rates[name];
  const limit = c.var.config.limits[rate.limit];
  if (limit === null) return undefined;
  c.set("rates", [...(c.var.rates ?? []), `"${name}";q=${limit};w=${windowSeconds}`]);
  if ((await c.env[rate.binding].limit({ key: who })).success) return undefined;
  const headers = { ratelimit: `"${name}";r=0;t=${windowSeconds}` };
  return problem("RATE_LIMITED", rate.says(limit), { retryAfter: windowSeconds, headers });
}
