import type { Context, MiddlewareHandler } from "hono";
import { dataPolicy, everywhere, onPages, pagePolicy } from "#api/security-headers.ts";
import { originOf } from "./origins.ts";
import type { AppEnv } from "./app-types.ts";
import type { Config } from "./config.ts";

/** Gives every answer the headers of its kind (D57). A policy that a route has set stays; what says nothing is not stored. */
export const securityHeaders: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next();
  const isPage = (c.res.headers.get("content-type") ?? "").startsWith("text/html");
  for (const [name, value] of Object.entries(isPage ? { ...everywhere, ...onPages } : everywhere))
    c.header(name, value);
  if (!c.res.headers.has("content-security-policy")) c.header("content-security-policy", policyOf(c, isPage));
  if (!c.res.headers.has("cache-control")) c.header("cache-control", "no-store");
};

/** Without its variables the Worker knows no host that may frame it. */
function policyOf(c: Context<AppEnv>, isPage: boolean): string {
  if (!isPage) return dataPolicy;
  const config: Config | undefined = c.var.config;
  return pagePolicy(config?.SQE_FRAME_ANCESTORS ?? [], originOf(config?.MCE_SANDBOX_URL));
}
