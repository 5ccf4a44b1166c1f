import { given } from "#lang/given.ts";
import { Hono } from "hono";
import { readMe } from "#api/account-calls.ts";
import { readTenant } from "#db/tenants.ts";
import { scopes } from "#protocol/scope.ts";
import type { AppEnv } from "../app-types.ts";
import { problem } from "../problem.ts";
import { serve } from "../serve.ts";

/** Who calls. */
export const accountRoutes = new Hono<AppEnv>();

/** D13: so many runs of a business unit execute at once. */
const activeRuns = 8;

serve(accountRoutes, readMe, async (c) => {
  const { user, clients, config } = c.var;
  const tenant = await readTenant(await clients.database(), user);
  if (tenant === undefined)
    return problem("FORBIDDEN", "Your token's connection is not your tenant's, or does not allow its business unit");
  const { signInsPerMinute: _address, handoffsPerMinute: _too, ...limits } = config.limits;
  return c.json({
    user: { id: user.userId, ...given({ name: tenant.userName, email: tenant.email }) },
    tenant: { id: user.tenantId, name: tenant.name },
    businessUnit: { mid: user.mid },
    businessUnits: tenant.mids.map((mid) => ({ mid })),
    scopes: scopes.filter((scope) => user.scopes.has(scope)),
    isAdmin: user.role === "administrator",
    limits: { activeRuns, ...limits },
  });
});
