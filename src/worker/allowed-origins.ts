import type { Context, MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import type { AppEnv } from "./app-types.ts";
import { isOwnMachine } from "./origins.ts";

/**
 * Lets pages of the origins in SQE_ALLOWED_ORIGINS call the API; in development, those of this machine, too. They bring a
 * token: cookies of ours are never allowed to another origin.
 */
export const allowedOrigins: MiddlewareHandler<AppEnv> = cors({
  origin: (origin, c) => (isAllowedOrigin(c, origin) ? origin : undefined),
  allowMethods: ["GET", "POST", "PATCH", "DELETE"],
  exposeHeaders: ["Location", "ETag", "Retry-After", "RateLimit", "RateLimit-Policy", "X-Trace-Id"],
  maxAge: 600,
});

/** Whether pages of an origin may call the API. */
export function isAllowedOrigin(c: Context<AppEnv>, origin: string): boolean {
  const { SQE_ENV, SQE_ALLOWED_ORIGINS } = c.var.config;
  return SQE_ALLOWED_ORIGINS.includes(origin) || (SQE_ENV === "development" && isOwnMachine(origin));
}
