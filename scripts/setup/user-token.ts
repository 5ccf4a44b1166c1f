import { SignJWT } from "jose";
import type { Session } from "../migrations/session.ts";

/** A tenant's connection and one of its business units. */
export type Place = { tenant: string; connection: string; eid: number; mid: number };

/**
 * Finds the business unit that a token may name: the one asked for, or else the first unit of the oldest connection.
 *
 * @param owner a member of sqe_definer, whose policy shows the connections
 * @returns undefined when there is none
 */
export async function findPlace(owner: Session, mid: number | undefined): Promise<Place | undefined> {
  const unit = mid === undefined ? "true" : `${Math.trunc(mid)} = any(mids)`;
  const { rows } = await owner.query(
    `select id, tenant_id, eid, mids[1] as first from sqe.connections where ${unit} order by created_at, id limit 1`,
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const eid = Number(row["eid"]);
  return { tenant: String(row["tenant_id"]), connection: String(row["id"]), eid, mid: mid ?? Number(row["first"]) };
}

/** Signs a token for a user. @param variables the Worker's: it has the secret, the issuer and the audience */
export function signUserToken(
  variables: Readonly<Record<string, string>>,
  user: string,
  place: Place,
  lifetime: string,
): Promise<string> {
  const { JWT_SECRET: secret = "", JWT_ISSUER: issuer = "", JWT_AUDIENCE: audience = "" } = variables;
  return new SignJWT(place)
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(user)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(lifetime)
    .sign(new TextEncoder().encode(secret));
}
