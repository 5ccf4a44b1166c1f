import { Hono, type Context } from "hono";
import { changeConnection, createConnection, listConnections, revokeConnection } from "#api/administrator-calls.ts";
import {
  addConnection,
  changeConnection as change,
  listConnections as list,
  openConnection,
  removeConnection,
} from "#db/tenant-connections.ts";
import { given } from "#lang/given.ts";
import type { MceAccess } from "#mce/access.ts";
import type { AppEnv } from "../app-types.ts";
import { audit } from "../audit.ts";
import { problem } from "../problem.ts";
import { serve } from "../serve.ts";

/** The server-to-server packages of a tenant, for its administrators. */
export const connectionRoutes = new Hono<AppEnv>();

/** After so many refusals the rest would say the same. */
const refusalsMax = 3;

serve(connectionRoutes, listConnections, async (c) => {
  const { clients, user } = c.var;
  return c.json({ connections: await list(await clients.database(), user.tenantId) });
});

serve(connectionRoutes, createConnection, async (c, { body: { name, mids, ...access } }) => {
  const { clients, user } = c.var;
  const { tenantId, eid, userId } = user;
  const id = crypto.randomUUID();
  const refusal = await tryEach(c, { connectionId: id, eid, ...access }, mids);
  if (refusal !== undefined) return refusal;
  const wanted = { id, tenantId, eid, createdBy: userId, name, mids, ...access };
  const added = await addConnection(await clients.database(), await clients.vault, wanted);
  audit(c.var, user, "connection-created", { connection: id, clientId: access.clientId, mids });
  return c.json(added, 201);
});

serve(connectionRoutes, changeConnection, async (c, { params: { id }, body }) => {
  const { clients, user } = c.var;
  const { tenantId } = user;
  const [db, vault] = [await clients.database(), await clients.vault];
  const known = isId(id) ? await openConnection(db, vault, tenantId, id) : undefined;
  if (known === undefined) return notFound(id);
  if (body.clientSecret !== undefined || body.mids !== undefined) {
    const { mids, id: connectionId, ...access } = known;
    const tried = { connectionId, ...access, ...given({ clientSecret: body.clientSecret }) };
    const refusal = await tryEach(c, tried, body.mids ?? mids);
    if (refusal !== undefined) return refusal;
  }
  const changed = await change(db, vault, { tenantId, id }, given(body));
  if (changed === undefined) return notFound(id);
  clients.forgetConnection(tenantId, id);
  audit(c.var, user, "connection-changed", { connection: id, changed: Object.keys(body) });
  return c.json(changed);
});

serve(connectionRoutes, revokeConnection, async (c, { params: { id } }) => {
  const { clients, user } = c.var;
  const { tenantId } = user;
  if (!isId(id) || !(await removeConnection(await clients.database(), tenantId, id))) return notFound(id);
  clients.forgetConnection(tenantId, id);
  audit(c.var, user, "connection-revoked", { connection: id });
  return c.body(null, 204);
});

/** Tries a connection in business units. @returns the answer when it cannot be used in one of them */
async function tryEach(
  { var: { clients, user, trace } }: Context<AppEnv>,
  access: Omit<MceAccess, "mid">,
  mids: readonly number[],
): Promise<Response | undefined> {
  const errors: { path: string; message: string }[] = [];
  for (const [index, mid] of mids.entries()) {
    const tried = await clients.tryConnection(user.tenantId, { ...access, mid }, trace.log);
    if (tried.ok) continue;
    const { kind, message } = tried.error;
    if (kind === "unknown") return problem("MCE_BUSY", `Business unit ${mid}: ${message}`, { retryAfter: 10 });
    errors.push({ path: `mids.${index}`, message: `Business unit ${mid}: ${message}` });
    if (errors.length === refusalsMax) break;
  }
  if (errors.length === 0) return undefined;
  return problem("CONNECTION_REFUSED", "Nothing was stored; see `errors` for what is missing", { errors });
}

function isId(text: string): boolean {
  return /^[0-9a-f-]{36}$/.test(text);
}

function notFound(id: string): Response {
  return problem("CONNECTION_NOT_FOUND", `Your tenant has no connection "${id}"`);
}
