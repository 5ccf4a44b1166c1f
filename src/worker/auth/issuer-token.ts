import { createLocalJWKSet, decodeJwt, errors, jwtVerify } from "jose";
import { z } from "zod";
import { err, ok, type Result } from "#lang/result.ts";
import { ConnectionId, Eid, Mid, TenantId, UserId } from "#protocol/ids.ts";
import { Scope, scopes as allScopes } from "#protocol/scope.ts";
import type { TrustedIssuer } from "#db/issuers.ts";
import { noCredential, switchedOff, type Caller, type CredentialDeps } from "./caller.ts";
import { recheckAt } from "./revocation.ts";

/** Asymmetric only: an issuer's key that is no secret of ours can forge nothing for anybody else. */
const algorithms = ["RS256", "ES256"];
/** The issuer's clock is not ours. */
const clockTolerance = 30;

const Named = z.object({ iss: z.string(), tenant: TenantId });
const Claims = z.object({
  sub: UserId,
  tenant: TenantId,
  mid: Mid,
  eid: Eid,
  connection: ConnectionId,
  exp: z.number(),
  scopes: z.array(Scope).default([...allScopes]),
});

/** Thrown while an issuer's keys cannot be read, so that nobody can say whether a token is good. */
export class UnreachableIssuer extends Error {
  override readonly name = "UnreachableIssuer";
}

/**
 * Reads a caller from a token that an issuer has signed whom the tenant trusts.
 *
 * @throws UnreachableIssuer when the issuer's keys cannot be read
 */
export async function readIssuerToken(
  token: string,
  deps: Pick<CredentialDeps, "issuers" | "members" | "publicKeys" | "now">,
): Promise<Result<Caller, string>> {
  const named = readNamed(token);
  if (named === undefined) return err(noCredential);
  // The tenant is only claimed so far. Its own list of issuers decides which keys may prove it.
  const trusted = (await deps.issuers.of(named.tenant)).filter(({ issuer }) => issuer === named.iss);
  const [first] = trusted;
  if (first === undefined) return err(noCredential);
  const payload = await verify(token, trusted, first.jwksUrl, deps);
  const claims = Claims.safeParse(payload);
  if (!claims.success) return err(noCredential);
  const { sub: userId, tenant: tenantId, connection: connectionId, mid, eid, exp, scopes } = claims.data;
  const tenancy = { tenantId, userId, mid, eid, connectionId };
  // The issuer says who somebody is; whether that person may come in is the tenant's to say (D88).
  if ((await deps.members.noted(tenancy)) !== "active") return err(switchedOff);
  const endsAt = exp * 1000;
  const end = { endsAt, recheckAt: recheckAt(deps.now(), endsAt) };
  // An issuer names users; who administers a tenant is decided here (D55).
  return ok({ kind: "user", ...tenancy, scopes: new Set(scopes), role: "member", via: "issuer", ...end });
}

function readNamed(token: string): z.infer<typeof Named> | undefined {
  try {
    return Named.safeParse(decodeJwt(token)).data;
  } catch {
    return undefined;
  }
}

/** @returns the claims of a token that holds; undefined for any other */
async function verify(
  token: string,
  trusted: readonly TrustedIssuer[],
  jwksUrl: string,
  { publicKeys, now }: Pick<CredentialDeps, "publicKeys" | "now">,
): Promise<unknown> {
  const [{ issuer } = { issuer: "" }] = trusted;
  const audience = trusted.filter((one) => one.jwksUrl === jwksUrl).map((one) => one.audience);
  const rules = {
    algorithms,
    issuer,
    audience,
    clockTolerance,
    currentDate: new Date(now()),
    requiredClaims: ["exp", "sub"],
  };
  const attempt = async (isNewWanted: boolean) => {
    const keys = await publicKeys.read(jwksUrl, isNewWanted);
    if (!keys.ok) throw new UnreachableIssuer(`Cannot read the keys of issuer "${issuer}": ${keys.error}`);
    return (await jwtVerify(token, createLocalJWKSet(keys.value), rules)).payload;
  };
  try {
    // A key that is not among the known ones may be a new one.
    return await attempt(false).catch((error: unknown) => {
      if (error instanceof errors.JWKSNoMatchingKey) return attempt(true);
      throw error;
    });
  } catch (error) {
    if (error instanceof UnreachableIssuer) throw error;
    return undefined;
  }
}
