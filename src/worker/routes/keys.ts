import { Hono } from "hono";
import { createKey, createToken, listKeys, revokeKey, tokenMinutes } from "#api/key-calls.ts";
import { keysMax, listKeys as readKeys, revokeKey as revoke, saveKey } from "#db/api-keys.ts";
import { given } from "#lang/given.ts";
import { drawKey } from "#protocol/key-format.ts";
import { scopes as allScopes, type Scope } from "#protocol/scope.ts";
import { sha256 } from "#protocol/signature.ts";
import type { AppEnv } from "../app-types.ts";
import { audit } from "../audit.ts";
import type { User } from "../auth/caller.ts";
import { refuseWithout } from "../auth/permit.ts";
import { makeToken } from "../auth/short-lived-token.ts";
import { problem } from "../problem.ts";
import { serve } from "../serve.ts";

/** A user's API keys (D54). */
export const keyRoutes = new Hono<AppEnv>();

const dayMs = 24 * 60 * 60 * 1000;
/** Writing into tables of others, and a language model, are asked for by name. */
const usual: readonly Scope[] = ["runs:read", "runs:write", "tables:read"];

serve(keyRoutes, listKeys, async (c) => {
  const { clients, user } = c.var;
  return c.json({ keys: await readKeys(await clients.database(), user) });
});

serve(keyRoutes, createKey, async (c, { body: { name, scopes: asked, expiresInDays } }) => {
  const { clients, config, user } = c.var;
  const scopes = scopesFor(user, asked, usual);
  if (scopes instanceof Response) return scopes;
  const { id, key } = drawKey("sqe", config.SQE_ENV, (bytes) => crypto.getRandomValues(bytes));
  const expiresAt = new Date(endOf(user, clients.platform.now() + expiresInDays * dayMs));
  const stored = { keyId: id, hash: await sha256(key), name, scopes, expiresAt };
  if (!(await saveKey(await clients.database(), user, stored)))
    return problem("TOO_MANY_KEYS", `You have ${keysMax} keys; revoke one that you no longer use`);
  audit(c.var, user, "key-created", { key: id, scopes, expiresAt: expiresAt.toISOString() });
  return c.json({ id, key, name, scopes, expiresAt: expiresAt.toISOString() }, 201);
});

serve(keyRoutes, revokeKey, async (c, { params: { id } }) => {
  const { clients, user } = c.var;
  const { tenantId, userId, role } = user;
  const claim = role === "administrator" ? { tenantId } : { tenantId, userId };
  const owner = await revoke(await clients.database(), claim, id);
  if (owner === undefined) return problem("KEY_NOT_FOUND", `You have no key "${id}"`);
  clients.keys.forget(id);
  audit(c.var, user, "key-revoked", { key: id, owner });
  return c.body(null, 204);
});

serve(keyRoutes, createToken, async (c, { body: { scopes: asked, runId } }) => {
  const { clients, user } = c.var;
  const scopes = scopesFor(user, asked, runId === undefined ? allScopes : ["runs:read"]);
  if (scopes instanceof Response) return scopes;
  const endsAt = Math.min(clients.platform.now() + tokenMinutes * 60_000, user.endsAt ?? Infinity);
  const isMember = (await clients.members.standing(user)) !== "unknown";
  const grant = { scopes, endsAt, isMember, ...given({ runId }) };
  const token = await makeToken(await clients.vault, user, grant);
  audit(c.var, user, "token-created", { scopes, ...given({ runId }) });
  return c.json({ token, scopes, expiresAt: new Date(endsAt).toISOString(), ...given({ runId }) }, 201);
});

/** The scopes asked for, or else those of `preset` that the user has. @returns the answer when the user lacks one */
function scopesFor(user: User, asked: readonly Scope[] | undefined, preset: readonly Scope[]): Scope[] | Response {
  const lacking = asked?.find((scope) => !user.scopes.has(scope));
  const refusal = lacking && refuseWithout(lacking, user);
  if (refusal) return refusal;
  const wanted = asked ?? preset.filter((scope) => user.scopes.has(scope));
  return allScopes.filter((scope) => wanted.includes(scope));
}

/** A key that was made with a key ends with that one at the latest: a leaked key must not live on in others. */
function endOf({ via, endsAt }: User, wanted: number): number {
  return via === "key" && endsAt !== undefined ? Math.min(endsAt, wanted) : wanted;
}
