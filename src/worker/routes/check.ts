import { Hono } from "hono";
import { checkSql } from "#api/sql-calls.ts";
import type { AppEnv } from "../app-types.ts";
import { checkQuery } from "../check/check-query.ts";
import { fillParameters } from "../submit/parameters.ts";
import { problem } from "../problem.ts";
import { serve } from "../serve.ts";

export const checkRoutes = new Hono<AppEnv>();

const inAMinute = { retryAfter: 60 };

/** Answers what is wrong with a query and which columns it gives, without running it (DESIGN section 3). */
serve(
  checkRoutes,
  checkSql,
  async (c, { body }) => {
    const { user, config, clients, trace } = c.var;
    const isOver =
      config.isLimited &&
      body.validate &&
      !(await c.env.VALIDATION_LIMIT.limit({ key: `${user.tenantId}|${user.userId}` })).success;
    if (isOver) {
      const advice = "try again in a minute, or send `validate: false`";
      return problem("RATE_LIMITED", `You have validated many queries in the last minute; ${advice}`, inAMinute);
    }
    const mce = await clients.mce(user, "checks", trace.log).then(
      (open) => open ?? ("not-allowed" as const),
      () => undefined,
    );
    if (mce === "not-allowed")
      return problem("FORBIDDEN", "Your token's connection is not your tenant's, or does not allow its business unit");
    const filled = fillParameters(body.sql, body.parameters);
    if (filled instanceof Response) return filled;
    if (!filled.ok) return c.json({ ok: false, diagnostics: filled.diagnostics, tables: [], columns: [], notes: [] });
    const { diagnostics, ...answer } = await checkQuery(c.var, mce, { ...body, sql: filled.sql });
    return c.json({ ...answer, diagnostics: filled.placed(diagnostics) });
  },
  async ({ env, var: { user, config } }) =>
    config.isLimited && !(await env.CHECK_LIMIT.limit({ key: `${user.tenantId}|${user.userId}` })).success
      ? problem("RATE_LIMITED", "You have checked many queries in the last minute; try again in a minute", inAMinute)
      : undefined,
);
