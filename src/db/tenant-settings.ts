import { eq } from "drizzle-orm";
import { inTenant, type Database } from "./database.ts";
import { tenants } from "./schema.ts";

/** What a tenant has chosen. */
export type TenantSettings = { id: string; name: string; mcp: boolean };

const shown = { id: tenants.id, name: tenants.name, mcp: tenants.mcp };

/** Reads a tenant's settings. @returns undefined when the tenant is gone */
export async function readSettings(db: Database, tenantId: string): Promise<TenantSettings | undefined> {
  const [row] = await inTenant(db, { tenantId }, db.select(shown).from(tenants).where(eq(tenants.id, tenantId)));
  return row;
}

/** Changes a tenant's settings. @returns them as they are now; undefined when the tenant is gone */
export async function changeSettings(
  db: Database,
  tenantId: string,
  changed: { mcp: boolean },
): Promise<TenantSettings | undefined> {
  const change = db.update(tenants).set(changed).where(eq(tenants.id, tenantId)).returning(shown);
  const [row] = await inTenant(db, { tenantId }, change);
  return row;
}
