import { Hono, type Context, type MiddlewareHandler } from "hono";
import { readHealth } from "#api/service-calls.ts";
import { placesOf } from "#lang/places.ts";
import { ok } from "#lang/result.ts";
import { isOutOfReach } from "#db/database.ts";
import { allowedOrigins } from "./allowed-origins.ts";
import type { AppEnv } from "./app-types.ts";
import { UnreachableIssuer } from "./auth/issuer-token.ts";
import { readCaller } from "./auth/read-caller.ts";
import { refuseOtherPages } from "./auth/own-page.ts";
import { readSession, userOf } from "./auth/session.ts";
import { clientsOf, type Clients } from "./clients.ts";
import { ConfigError } from "./config.ts";
import { limitByAddress, tellRates } from "./limits/rates.ts";
import { problem } from "./problem.ts";
import { traceIdHeader, traceOf } from "./request-trace.ts";
import { accountRoutes } from "./routes/account.ts";
import { adminRoutes } from "./routes/admin.ts";
import { bridgeRoutes } from "./routes/bridge.ts";
import { handoffRoutes } from "./routes/handoffs.ts";
import { sessionRoutes } from "./routes/session.ts";
import { signInRoutes } from "./routes/sign-in.ts";
import { checkRoutes } from "./routes/check.ts";
import { connectionRoutes } from "./routes/connections.ts";
import { consoleRoutes } from "./routes/console.ts";
import { eventRoutes } from "./routes/events.ts";
import { keyRoutes } from "./routes/keys.ts";
import { mcpRoutes } from "./routes/mcp.ts";
import { queryActivityRoutes } from "./routes/query-activities.ts";
import { resultRoutes } from "./routes/results.ts";
import { runListRoutes } from "./routes/run-list.ts";
import { runRoutes } from "./routes/runs.ts";
import { sqlCatalogueRoutes } from "./routes/sql-catalogue.ts";
import { tableRoutes } from "./routes/tables.ts";
import { tenantRoutes } from "./routes/tenant.ts";
import { securityHeaders } from "./security-headers.ts";
import { serve } from "./serve.ts";

/** The edge program. Every request passes this page from top to bottom. */
export const app = new Hono<AppEnv>();

/** Where only somebody with a credential is answered. */
const signedInPaths = ["/v1/*", "/mcp"];

app.use(securityHeaders);

app.use(async (c, next) => {
  c.set("trace", traceOf(c.req.raw));
  c.set("defer", (work) => c.executionCtx.waitUntil(work));
  await next();
  c.header(traceIdHeader, c.var.trace.traceId);
});

app.use(async (c, next) => {
  let clients: Clients;
  try {
    clients = clientsOf(c.env);
  } catch (error) {
    if (error instanceof ConfigError) return notConfigured(c.req.path, error.problems);
    throw error;
  }
  c.set("clients", clients);
  c.set("config", clients.config);
  await next();
  return undefined;
});

for (const path of signedInPaths) app.use(path, allowedOrigins);

app.use(tellRates);
for (const path of ["/auth/*", "/t/*"]) app.use(path, limitByAddress);
app.route("/", consoleRoutes);

serve(app, readHealth, async (c) => {
  const gap = await c.var.clients.schemaGap();
  return gap === undefined ? c.json({ ok: true }) : problem("UNAVAILABLE", gap, { retryAfter: 30 });
});

const readWhoCalls: MiddlewareHandler<AppEnv> = async (c, next) => {
  const session = c.req.header("authorization") === undefined ? await readSession(c) : undefined;
  const refusal = session && refuseOtherPages(c);
  if (refusal !== undefined) return refusal;
  const { platform, systemDatabase, ...rest } = c.var.clients;
  const deps = { ...rest, system: systemDatabase, now: () => platform.now(), defer: c.var.defer };
  const caller = session === undefined ? await readCaller(c.req.raw, deps) : ok(userOf(session));
  if (!caller.ok) return problem("UNAUTHENTICATED", caller.error);
  c.set("caller", caller.value);
  // A route for users is not reached by an operator (`auth/permit.ts`).
  if (caller.value.kind === "user") c.set("user", caller.value);
  await next();
  return undefined;
};
for (const path of signedInPaths) app.use(path, readWhoCalls);

/** What an assistant's tools ask: this page, from the top. */
const askSelf = async (request: Request, c: Context<AppEnv>) => app.fetch(request, c.env, c.executionCtx);

const rooms = [
  runListRoutes,
  runRoutes,
  eventRoutes,
  resultRoutes,
  checkRoutes,
  sqlCatalogueRoutes,
  tableRoutes,
  queryActivityRoutes,
  accountRoutes,
  keyRoutes,
  tenantRoutes,
  connectionRoutes,
  signInRoutes,
  sessionRoutes,
  handoffRoutes,
  adminRoutes,
  mcpRoutes(askSelf),
];
for (const routes of rooms) app.route("/", routes);
app.route("/bridge/runs", bridgeRoutes);

app.notFound(() => problem("NOT_FOUND", "See /openapi.json for all addresses"));
app.onError((error, c) => {
  if (isOutOfReach(error)) return problem("UNAVAILABLE", "The database does not answer; try again", { retryAfter: 5 });
  if (error instanceof UnreachableIssuer)
    return problem("UNAVAILABLE", "The keys of your token's issuer cannot be read right now; try again", {
      retryAfter: 5,
    });
  c.var.trace.log("request failed", { call: `${c.req.method} ${c.req.routePath}`, places: placesOf(error) });
  return problem("INTERNAL", "Try again; if it keeps happening, contact the operator");
});

/** Answers with the names of the bad variables, never a value. An operator looks at `/healthz` first. */
function notConfigured(path: string, problems: readonly string[]): Response {
  const fix = "Set the variables that docs/operations.md lists; for development, `npm run dev` writes .dev.vars";
  if (path === "/healthz") return Response.json({ ok: false, problems, fix }, { status: 503 });
  return problem("UNAVAILABLE", `The Worker is not configured: ${problems.join("; ")}. ${fix}`, { retryAfter: 60 });
}
