import { Hono } from "hono";
import { callMcp } from "#api/mcp-calls.ts";
import { readSettings } from "#db/tenant-settings.ts";
import { isAllowedOrigin } from "../allowed-origins.ts";
import type { AppEnv } from "../app-types.ts";
import { audit } from "../audit.ts";
import { openOwnApi, type Answering } from "../mcp/own-api.ts";
import { serveMcp } from "../mcp/server.ts";
import { tools } from "../mcp/tools.ts";
import { problem } from "../problem.ts";
import { serve } from "../serve.ts";

/** The door for assistants. @param answer the Worker itself, which the tools ask */
export function mcpRoutes(answer: Answering): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  serve(routes, callMcp, async (c, { body }) => {
    const { clients, user } = c.var;
    const origin = c.req.header("origin");
    if (origin !== undefined && origin !== new URL(c.req.url).origin && !isAllowedOrigin(c, origin))
      return problem("FORBIDDEN", "Pages of this origin may not use assistants' tools");
    if ((await readSettings(await clients.database(), user.tenantId))?.mcp !== true)
      return problem(
        "FORBIDDEN",
        'Assistants are turned off for your tenant; an administrator turns them on with PATCH /v1/tenant {"mcp": true}',
      );
    const context = { api: openOwnApi(answer, c), platform: clients.platform };
    return serveMcp(c.req.raw, body, tools, context, (tool) => audit(c.var, user, "mcp", { tool }));
  });
  // A client may ask for a stream or end a session; there are none.
  routes.all("/mcp", () =>
    problem("METHOD_NOT_ALLOWED", "Only POST: this server keeps no sessions", { headers: { allow: "POST" } }),
  );
  return routes;
}
