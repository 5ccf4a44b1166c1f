import { SignJWT } from "jose";
import { accounts, type Account } from "../../sandbox/accounts.ts";
import { tenants } from "./seed.ts";
import type { StackFile } from "./stack-files.ts";

export const jwtIssuer = "sqe-dev";
export const jwtAudience = "sqe";
const lifetime = "12 hours";

type BusinessUnitOf = { mid: number; eid: number };

/**
 * Returns the tokens of a stack's people: alice and bob in one business unit of tenant A, carol in tenant B.
 *
 * @param own the tenant of a stack that does not work on the sandbox; it has no tenant B
 */
export async function signTokens(jwtSecret: string, own?: BusinessUnitOf): Promise<StackFile["tokens"]> {
  const [a, b] = tenants;
  const [enterpriseA, enterpriseB] = accounts;
  const ours = own ?? parentOf(enterpriseA);
  return {
    alice: await sign("alice", claimsOf(a, ours), jwtSecret),
    bob: await sign("bob", claimsOf(a, ours), jwtSecret),
    ...(own === undefined && { carol: await sign("carol", claimsOf(b, parentOf(enterpriseB)), jwtSecret) }),
    operator: await sign("operator", { role: "operator" }, jwtSecret),
  };
}

function parentOf(account: Account | undefined): BusinessUnitOf {
  if (account === undefined) throw new Error("Cannot sign tokens: the sandbox lacks an account");
  return { mid: account.eid, eid: account.eid };
}

function claimsOf(
  { id, connectionId }: (typeof tenants)[number],
  { mid, eid }: BusinessUnitOf,
): Record<string, string | number> {
  return { tenant: id, mid, eid, connection: connectionId };
}

/** Signs a token of a local stack for a user, or for an operator. */
export function sign(user: string, claims: Record<string, string | number>, secret: string): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(user)
    .setIssuer(jwtIssuer)
    .setAudience(jwtAudience)
    .setIssuedAt()
    .setExpirationTime(lifetime)
    .sign(new TextEncoder().encode(secret));
}
