import { SignJWT } from "jose";
import { accounts } from "../../sandbox/accounts.ts";
import { tenants } from "./seed.ts";
import type { StackFile } from "./stack-files.ts";

export const jwtIssuer = "sqe-dev";
export const jwtAudience = "sqe";
const lifetime = "12 hours";

/** Returns the tokens of a stack's people: alice and bob in one business unit of tenant A, carol in tenant B. */
export async function signTokens(jwtSecret: string): Promise<StackFile["tokens"]> {
  return {
    alice: await sign("alice", claimsOf(0), jwtSecret),
    bob: await sign("bob", claimsOf(0), jwtSecret),
    carol: await sign("carol", claimsOf(1), jwtSecret),
    operator: await sign("operator", { role: "operator" }, jwtSecret),
  };
}

function claimsOf(index: 0 | 1): Record<string, string | number> {
  const { id, connectionId } = tenants[index];
  const account = accounts[index];
  if (account === undefined) throw new Error(`Cannot sign tokens: the sandbox has no account for tenant ${id}`);
  return { tenant: id, mid: account.eid, eid: account.eid, connection: connectionId };
}

function sign(user: string, claims: Record<string, string | number>, secret: string): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(user)
    .setIssuer(jwtIssuer)
    .setAudience(jwtAudience)
    .setIssuedAt()
    .setExpirationTime(lifetime)
    .sign(new TextEncoder().encode(secret));
}
