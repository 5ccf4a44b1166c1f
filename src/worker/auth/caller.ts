import { jwtVerify } from "jose";
import { z } from "zod";
import { ConnectionId, Eid, Mid, TenantId, UserId } from "#protocol/ids.ts";
import type { Tenancy } from "#protocol/tenancy.ts";
import type { Config } from "../config.ts";

/** Who calls: a user of a tenant in one business unit, or an operator of the service. */
export type Caller = ({ kind: "user" } & Tenancy) | { kind: "operator"; userId: UserId };

const UserClaims = z.object({ sub: UserId, tenant: TenantId, mid: Mid, eid: Eid, connection: ConnectionId });
const OperatorClaims = z.object({ sub: UserId, role: z.literal("operator") });

/**
 * Reads the caller from `Authorization: Bearer <JWT>`: HS256 only, with exp, iss and aud.
 *
 * @returns undefined for a token that is missing, forged, expired or without the claims; it does not reveal which
 */
export async function readCaller(request: Request, config: Config): Promise<Caller | undefined> {
  const [, token] = /^Bearer ([A-Za-z0-9._~+/=-]+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  if (token === undefined) return undefined;
  const payload = await verify(token, config);
  const operator = OperatorClaims.safeParse(payload);
  if (operator.success) return { kind: "operator", userId: operator.data.sub };
  const user = UserClaims.safeParse(payload);
  if (!user.success) return undefined;
  const { sub: userId, tenant: tenantId, connection: connectionId, mid, eid } = user.data;
  return { kind: "user", tenantId, userId, mid, eid, connectionId };
}

const keys = new WeakMap<Config, Promise<CryptoKey>>();

/** The secret's key, imported once per isolate because every request needs it. */
function keyOf(config: Config): Promise<CryptoKey> {
  const known = keys.get(config);
  if (known !== undefined) return known;
  const secret = new TextEncoder().encode(config.JWT_SECRET);
  const key = crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
  keys.set(config, key);
  return key;
}

async function verify(token: string, config: Config): Promise<unknown> {
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = config;
  const rules = { algorithms: ["HS256"], issuer, audience, requiredClaims: ["exp", "sub"] };
  return jwtVerify(token, await keyOf(config), rules).then(
    ({ payload }) => payload,
    () => undefined,
  );
}
