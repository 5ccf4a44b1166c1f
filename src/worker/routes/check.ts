import { Hono } from "hono";
import { checkSql } from "#api/sql-calls.ts";
import type { AppEnv } from "../app-types.ts";
import { checkQuery } from "../check/check-query.ts";
import { refuseOverRate } from "../limits/rates.ts";
import { fillParameters } from "../submit/parameters.ts";
import { problem } from "../problem.ts";
import { serve } from "../serve.ts";

export const checkRoutes = new Hono<AppEnv>();

/** Answers what is wrong with a query and which columns it gives, without running it (DESIGN section 3). */
serve(
  checkRoutes,
  checkSql,
  async (c, { body }) => {
    const { user, clients, trace } = c.var;
    const refusal = body.validate ? await refuseOverRate(c, "validations", user) : undefined;
    if (refusal !== undefined) return refusal;
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
  (c) => refuseOverRate(c, "checks", c.var.user),
);
