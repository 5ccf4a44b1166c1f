import type { Caller } from "./auth/caller.ts";
import type { Config } from "./config.ts";
import type { Clients } from "./clients.ts";
import type { RequestTrace } from "./request-trace.ts";

/** A signed-in user, as the /v1 routes see it. */
export type User = Extract<Caller, { kind: "user" }>;

/** What Hono's context carries: the bindings of wrangler.toml, and what the middleware adds. */
export type AppEnv = {
  Bindings: Env;
  Variables: { config: Config; clients: Clients; user: User; trace: RequestTrace };
};
