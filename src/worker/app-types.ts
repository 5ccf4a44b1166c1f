import type { Caller, User } from "./auth/caller.ts";
import type { Config } from "./config.ts";
import type { Clients } from "./clients.ts";
import type { RequestTrace } from "./request-trace.ts";

/** What Hono's context carries: the bindings of wrangler.toml, and what the middleware adds. */
export type AppEnv = {
  Bindings: Env;
  Variables: {
    config: Config;
    clients: Clients;
    caller: Caller;
    user: User;
    trace: RequestTrace;
    defer: (work: Promise<unknown>) => void;
    rates?: readonly string[];
  };
};
