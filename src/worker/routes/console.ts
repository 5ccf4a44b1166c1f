import { Hono } from "hono";
import type { AppEnv } from "../app-types.ts";
import { problem } from "../problem.ts";

/** The addresses of the console that are no files: one page serves them all, and reads where it is. */
export const consoleRoutes = new Hono<AppEnv>();

for (const path of ["/runs/:id", "/settings"])
  consoleRoutes.get(path, (c) => c.env.ASSETS.fetch(new URL("/", c.req.url)));

/** The same page for frames of other sites: whose may frame it is a setting, which the file's own policy does not know (D67). */
consoleRoutes.get("/frame", async (c) => {
  const file = await c.env.ASSETS.fetch(new URL("/", c.req.url));
  const answer = new Response(file.body, file);
  answer.headers.delete("content-security-policy");
  return answer;
});

/**
 * A token for the console of `npm run dev`, from the stack's own variables. Production has no such variable and refuses to
 * start with one. Only pages from this machine's own address may read it: a name that somebody points at the loopback may not.
 */
consoleRoutes.on(["GET", "POST"], "/auth/sandbox", (c) => {
  const { SQE_ENV, SQE_SANDBOX_TOKEN: token } = c.var.config;
  const { hostname } = new URL(c.req.url);
  const isHere = hostname === "127.0.0.1" || hostname === "localhost" || hostname === "[::1]";
  if (SQE_ENV !== "development" || token === undefined || !isHere)
    return problem("NOT_FOUND", "See /openapi.json for all addresses");
  c.header("cache-control", "no-store");
  // Only what asks on purpose gets it.
  return c.req.method === "POST" ? c.json({ token }) : c.json({});
});
