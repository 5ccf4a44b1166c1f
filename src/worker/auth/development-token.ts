import { decodeProtectedHeader, jwtVerify } from "jose";
import { z } from "zod";
import { err, ok, type Result } from "#lang/result.ts";
import { ConnectionId, Eid, Mid, TenantId, UserId } from "#protocol/ids.ts";
import { Scope, scopes as allScopes } from "#protocol/scope.ts";
import type { Config } from "../config.ts";
import { noCredential, type Caller, type CredentialDeps } from "./caller.ts";
import { recheckAt } from "./revocation.ts";

const OperatorClaims = z.object({ sub: UserId, role: z.literal("operator") });
const UserClaims = z.object({
  sub: UserId,
  tenant: TenantId,
  mid: Mid,
  eid: Eid,
  connection: ConnectionId,
  exp: z.number(),
  role: z.enum(["member", "administrator"]).default("member"),
  scopes: z.array(Scope).default([...allScopes]),
});

/** Whether a token is for the development secret: that is asked in development only, and for our own issuer. */
export function isDevelopmentToken(token: string, { config }: Pick<CredentialDeps, "config">): boolean {
  if (config.development === undefined) return false;
  try {
    return decodeProtectedHeader(token).alg?.startsWith("HS") !== false;
  } catch {
    return true;
  }
}

/** Reads a caller from a JWT of the development secret: HS256 only, with exp, iss and aud. */
export async function readDevelopmentToken(
  token: string,
  { config, now }: Pick<CredentialDeps, "config" | "now">,
): Promise<Result<Caller, string>> {
  const payload = await verify(token, config);
  const operator = OperatorClaims.safeParse(payload);
  if (operator.success) return ok({ kind: "operator", userId: operator.data.sub });
  const user = UserClaims.safeParse(payload);
  if (!user.success) return err(noCredential);
  const { sub: userId, tenant: tenantId, connection: connectionId, mid, eid, role, scopes, exp } = user.data;
  const tenancy = { tenantId, userId, mid, eid, connectionId };
  return ok({
    kind: "user",
    ...tenancy,
    role,
    scopes: new Set(scopes),
    via: "development",
    endsAt: exp * 1000,
    recheckAt: recheckAt(now(), exp * 1000),
  });
}

async function verify(token: string, { development }: Config): Promise<unknown> {
  if (development === undefined) return undefined;
  const { secret, issuer, audience } = development;
  const rules = { algorithms: ["HS256"], issuer, audience, requiredClaims: ["exp", "sub"] };
  return jwtVerify(token, new TextEncoder().encode(secret), rules).then(
    ({ payload }) => payload,
    () => undefined,
  );
}
