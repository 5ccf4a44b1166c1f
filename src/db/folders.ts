import { given } from "#lang/given.ts";
import { and, eq, sql } from "drizzle-orm";
import { inTenant, type Database } from "./database.ts";
import { tenantSettings } from "./schema.ts";

/** A business unit of a tenant, as in `src/protocol/tenancy.ts`, from which this folder may not import. */
export type BusinessUnit = { tenantId: string; mid: number };

/** MCE's ids of the two folders of R5; absent while unknown. */
export type FolderIds = { dataExtensionFolderId?: number; queryFolderId?: number };

/** Reads the cached folder ids of a business unit. */
export async function readFolders(db: Database, unit: BusinessUnit): Promise<FolderIds> {
  const own = and(eq(tenantSettings.tenantId, unit.tenantId), eq(tenantSettings.mid, unit.mid));
  const [row] = await inTenant(db, unit, db.select().from(tenantSettings).where(own));
  return given({
    dataExtensionFolderId: row?.dataExtensionFolderId || undefined,
    queryFolderId: row?.queryFolderId || undefined,
  });
}

/**
 * Replaces the cached folder ids if they are still what the caller last read, so that two bridges repairing the same
 * folder do not overwrite each other.
 *
 * @param expected what `readFolders` returned; when absent, any value is replaced
 * @returns false when the value has changed in the meantime
 */
export async function saveFolders(
  db: Database,
  unit: BusinessUnit,
  ids: FolderIds,
  expected?: FolderIds,
): Promise<boolean> {
  const { dataExtensionFolderId = null, queryFolderId = null } = ids;
  const next = { dataExtensionFolderId, queryFolderId, updatedAt: sql`now()` };
  const unchanged =
    expected === undefined
      ? undefined
      : and(
          sql`${tenantSettings.dataExtensionFolderId} is not distinct from ${expected.dataExtensionFolderId ?? null}`,
          sql`${tenantSettings.queryFolderId} is not distinct from ${expected.queryFolderId ?? null}`,
        );
  const upsert = db
    .insert(tenantSettings)
    .values({ tenantId: unit.tenantId, mid: unit.mid, ...next })
    .onConflictDoUpdate({
      target: [tenantSettings.tenantId, tenantSettings.mid],
      set: next,
      ...given({ setWhere: unchanged }),
    })
    .returning({ mid: tenantSettings.mid });
  return (await inTenant(db, unit, upsert)).length === 1;
}
