import type { Database } from "#db/database.ts";
import { listIssuers, type TrustedIssuer } from "#db/issuers.ts";
import { keptFor } from "#lang/kept-for.ts";

/** The issuers that tenants trust, which Postgres is not asked for with each request. */
export type KnownIssuers = { of(tenantId: string): Promise<readonly TrustedIssuer[]> };

const keptMs = 60_000;
const tenantsMax = 1000;

/** Opens the issuers of one isolate. Also a tenant without any is remembered: everybody may claim to be of one. */
export function openKnownIssuers(app: () => Promise<Database>, now: () => number): KnownIssuers {
  const kept = keptFor<readonly TrustedIssuer[]>(keptMs, now, { max: tenantsMax, weightOf: () => 1 });
  return {
    async of(tenantId) {
      const known = kept.get(tenantId);
      if (known !== undefined) return known;
      const found = await listIssuers(await app(), tenantId);
      kept.set(tenantId, found);
      return found;
    },
  };
}
