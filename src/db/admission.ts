import { given } from "#lang/given.ts";
import { sql } from "drizzle-orm";
import type { Database } from "./database.ts";

/** A person as Marketing Cloud names one. */
export type Comer = {
  eid: number;
  enterpriseName: string;
  subdomain: string;
  userId: string;
  userName?: string;
  email?: string;
};

/**
 * What became of somebody who came. `unknown`: the enterprise is neither known nor allowed; `invitation`: nor is the
 * invitation good; `suspended`: the tenant was switched off; `inactive`: the person was.
 */
export type Admission =
  | { kind: "admitted"; tenantId: string; role: "member" | "administrator" }
  | { kind: "unknown" | "invitation" | "suspended" | "inactive" };

/**
 * Decides about somebody who came, uses up the invitation, and notes tenant and person. `db` is opened as sqe_system.
 *
 * @param how `isOpen`: every enterprise may come; `hash`: SHA-256 of the invitation's secret
 */
export async function admitComer(
  db: Database,
  who: Comer,
  how: { isOpen: boolean; invitation?: { id: string; hash: string } },
): Promise<Admission> {
  const { eid, enterpriseName, subdomain, userId, userName = null, email = null } = who;
  const { id = null, hash = null } = how.invitation ?? {};
  type Row = { verdict: Admission["kind"]; tenant_id: string | null; role: "member" | "administrator" | null };
  const { rows } = await db.execute<Row>(
    sql`select * from sqe.admit(${eid}::bigint, ${enterpriseName}, ${subdomain}, ${userId}, ${userName}::text,
      ${email}::text, ${how.isOpen}, ${id}::uuid, ${hash}::text)`,
  );
  const [row] = rows;
  if (row?.verdict === "admitted" && row.tenant_id !== null)
    return { kind: "admitted", tenantId: row.tenant_id, role: row.role ?? "member" };
  return { kind: row === undefined || row.verdict === "admitted" ? "unknown" : row.verdict };
}

/** Where people sign in, and with which package of the tenant's: none for the service's. The secret is sealed. */
export type SignInPlace = {
  tenantId: string;
  subdomain: string | null;
  ownPackage?: { id: string; clientId: string; clientSecret: string };
};

/** Finds a tenant by the last part of its own address or by its sub-domain. `db` is opened as sqe_system. */
export async function findSignInPlace(
  db: Database,
  wanted: { slug?: string; subdomain?: string },
): Promise<SignInPlace | undefined> {
  type Row = {
    tenant_id: string;
    subdomain: string | null;
    package_id: string | null;
    client_id: string | null;
    client_secret: string | null;
  };
  const { rows } = await db.execute<Row>(
    sql`select * from sqe.find_sign_in(${wanted.slug ?? null}::text, ${wanted.subdomain ?? null}::text)`,
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const { package_id: id, client_id: clientId, client_secret: clientSecret } = row;
  const ownPackage =
    id === null || clientId === null || clientSecret === null ? undefined : { id, clientId, clientSecret };
  return { tenantId: row.tenant_id, subdomain: row.subdomain, ...given({ ownPackage }) };
}
