import { Hono } from "hono";
import {
  changeMember,
  changeTenant,
  listAudit,
  listMembers,
  readTenant as readTenantCall,
} from "#api/administrator-calls.ts";
import { listAudit as readAudit } from "#db/audit.ts";
import { changeMember as change, listMembers as readMembers, readMember } from "#db/members.ts";
import { changeSettings, readSettings } from "#db/tenant-settings.ts";
import { given } from "#lang/given.ts";
import type { AppEnv } from "../app-types.ts";
import { audit } from "../audit.ts";
import { problem } from "../problem.ts";
import { serve } from "../serve.ts";

/** A tenant's people, settings and audit log. */
export const tenantRoutes = new Hono<AppEnv>();

const noTenant = () => problem("FORBIDDEN", "Your tenant was removed");

serve(tenantRoutes, listMembers, async (c) => {
  const { clients, user } = c.var;
  return c.json({ members: await readMembers(await clients.database(), user.tenantId) });
});

serve(tenantRoutes, changeMember, async (c, { params: { id }, body }) => {
  const { clients, user } = c.var;
  const { tenantId } = user;
  const db = await clients.database();
  const known = await readMember(db, tenantId, id);
  if (known === undefined) return problem("MEMBER_NOT_FOUND", `Your tenant has no member "${id}"`);
  if (Object.keys(body).length === 0) return c.json(known);
  const changed = await change(db, { tenantId, userId: id }, given({ role: body.role, active: body.active }));
  if (changed === undefined)
    return problem("LAST_ADMINISTRATOR", `Make somebody else an administrator first: "${id}" is the only one`);
  clients.members.forget({ tenantId, userId: changed.id });
  audit(c.var, user, "member-changed", { member: id, ...given({ role: body.role, active: body.active }) });
  return c.json(changed);
});

serve(tenantRoutes, readTenantCall, async (c) => {
  const { clients, user } = c.var;
  const settings = await readSettings(await clients.database(), user.tenantId);
  return settings === undefined ? noTenant() : c.json(settings);
});

serve(tenantRoutes, changeTenant, async (c, { body: { mcp } }) => {
  const { clients, user } = c.var;
  const db = await clients.database();
  const settings =
    mcp === undefined ? await readSettings(db, user.tenantId) : await changeSettings(db, user.tenantId, { mcp });
  if (settings === undefined) return noTenant();
  if (mcp !== undefined) audit(c.var, user, "mcp", { on: mcp });
  return c.json(settings);
});

serve(tenantRoutes, listAudit, async (c, { query: { limit, cursor } }) => {
  const { clients, user } = c.var;
  // One more than asked for shows whether there is a next page.
  const page = { limit: limit + 1, ...given({ before: cursor }) };
  const found = await readAudit(await clients.database(), user.tenantId, page);
  const entries = found.slice(0, limit);
  const next = found.length > limit ? entries.at(-1)?.id : undefined;
  return c.json({ entries, ...given({ cursor: next === undefined ? undefined : String(next) }) });
});
