import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import type { AppEnv } from "./app-types.ts";

const ownMachine = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

const withHeaders = cors({
  origin: (origin) => (ownMachine.test(origin) ? origin : undefined),
  exposeHeaders: ["ETag", "Location", "Retry-After", "X-Trace-Id"],
  maxAge: 600,
});

/** Lets pages of this machine call the API in development. In production only its own pages may. */
export const developmentOrigins: MiddlewareHandler<AppEnv> = async (c, next) =>
  c.var.config.SQE_ENV === "development" ? withHeaders(c, next) : next();
