import { ok } from "#lang/result.ts";
import type { Mce } from "#mce/client.ts";
import type { Answer } from "#mce/failure.ts";
import { findDataExtensions } from "#mce/soap/data-extension.ts";
import { findQueryDefinitions } from "#mce/soap/query-definition.ts";
import type { Settings } from "#protocol/settings.ts";
import { findOwnFolder } from "../business-unit/folders.ts";
import { oldOwnAssets, type FoundAsset, type OwnAsset } from "./expired-assets.ts";

type At = { now: number; limits: Settings };

/**
 * Finds our old assets in a business unit, queries first: a table must not be deleted while a query still writes to it.
 *
 * The folders always come from MCE, never from Postgres: a cached id may now belong to another folder.
 */
export async function findOldAssets(mce: Mce, at: At): Promise<Answer<readonly OwnAsset[]>> {
  const createdBefore = at.now - at.limits.resultTtlMs;
  const queries = await assetsIn(mce, "queryactivity", at, async (folderId) => {
    const found = await findQueryDefinitions(mce, { folderId, createdBefore });
    return found.ok ? ok(found.value.map((query) => ({ asset: "queryDefinition", ...query }))) : found;
  });
  if (!queries.ok) return queries;
  const tables = await assetsIn(mce, "dataextension", at, async (folderId) => {
    const found = await findDataExtensions(mce, { folderId });
    return found.ok ? ok(found.value.map((table) => ({ asset: "dataExtension", ...table }))) : found;
  });
  return tables.ok ? ok([...queries.value, ...tables.value]) : tables;
}

async function assetsIn(
  mce: Mce,
  contentType: Parameters<typeof findOwnFolder>[1],
  { now, limits }: At,
  find: (folderId: number) => Promise<Answer<FoundAsset[]>>,
): Promise<Answer<readonly OwnAsset[]>> {
  const folder = await findOwnFolder(mce, contentType);
  if (!folder.ok) return folder;
  const { own: folderId } = folder.value;
  if (folderId === undefined) return ok([]);
  const found = await find(folderId);
  return found.ok ? ok(oldOwnAssets(found.value, { folderId, now, limits })) : found;
}
