import { and, eq } from "drizzle-orm";
import { inTenant, type Database } from "./database.ts";
import { issuers, tenants } from "./schema.ts";

/** Whose tokens a tenant trusts, for which audience, and where the issuer's public keys are. */
export type TrustedIssuer = { issuer: string; audience: string; jwksUrl: string };

/** Lists what a tenant trusts; nothing for a tenant that is suspended or gone. */
export async function listIssuers(db: Database, tenantId: string): Promise<TrustedIssuer[]> {
  const { issuer, audience, jwksUrl } = issuers;
  const query = db
    .select({ issuer, audience, jwksUrl })
    .from(issuers)
    .innerJoin(tenants, eq(tenants.id, issuers.tenantId))
    .where(and(eq(issuers.tenantId, tenantId), eq(tenants.active, true)));
  return inTenant(db, { tenantId }, query);
}
