import { ok } from "#lang/result.ts";
import { repeat } from "#async/backoff.ts";
import type { Platform } from "#async/platform.ts";
import { deleteDataExtension, findDataExtensions } from "#mce/soap/data-extension.ts";
import { deleteQueryDefinition, findQueryDefinitions } from "#mce/soap/query-definition.ts";
import type { Mce } from "#mce/client.ts";
import type { Answer } from "#mce/failure.ts";
import type { AssetKind, LedgerEntry } from "#protocol/ledger-note.ts";
import type { BusinessUnit } from "#protocol/tenancy.ts";
import { namePrefix, readCustomerKey } from "#run/names.ts";
import type { Settings } from "#protocol/settings.ts";
import type { FailPoint } from "../fail-point.ts";
import type { FolderFinder } from "../business-unit/folders.ts";
import type { Log } from "../log.ts";
import { waitOf } from "../run/patience.ts";
import type { Reporter } from "../edge/report.ts";

export type CleanupDeps = {
  mce: Mce;
  unit: BusinessUnit;
  folders: Pick<FolderFinder, "isOwn">;
  report: Reporter;
  failPoint: FailPoint;
  log: Log;
  settings: Pick<Settings, "retryMinMs" | "retryMaxMs" | "shortWaitMs">;
  platform: Pick<Platform, "now" | "sleep">;
};

const tries = 3;

/**
 * Deletes what the run owes according to its object (R11), queries before their tables, and notes each. Safe to repeat: an
 * asset that does not exist counts as deleted. Only an asset with this run's key and our name, in our folder, is touched.
 *
 * @returns how many assets could not be deleted; the object delivers the job again for them (D6)
 */
export async function cleanUp(deps: CleanupDeps, runId: string, owed: readonly LedgerEntry[]): Promise<number> {
  const { report, failPoint, log } = deps;
  const own = owed.filter((entry) => readCustomerKey(entry.customerKey)?.runId === runId);
  const queriesFirst = own.toSorted((one, other) => rank(one) - rank(other));
  let left = owed.length - own.length;
  if (queriesFirst.length > 0) failPoint("cleanup:before");
  for (const entry of queriesFirst) {
    // The answer to the last note may show that another bridge has the run now; then it has the clean-up too.
    await report.flushed();
    if (report.isFenced()) return left;
    const isGone = await deleteAsset(deps, entry);
    if (isGone) report.put({ type: "noted", note: deletedNote(entry) });
    else left += 1;
  }
  await report.flushed();
  if (queriesFirst.length > 0) failPoint("cleanup:after");
  if (left > 0) log("clean-up unfinished", { runId, count: left });
  return left;
}

function rank(entry: LedgerEntry): number {
  return entry.asset === "queryDefinition" ? 0 : 1;
}

function deletedNote({ asset, attempt, customerKey }: LedgerEntry) {
  return { state: "deleted", asset, attempt, customerKey } as const;
}

/** Deletes in three tries with pauses. If MCE asks for a long pause, the object's next delivery does the rest. */
async function deleteAsset(deps: CleanupDeps, entry: LedgerEntry): Promise<boolean> {
  const { retryMinMs, retryMaxMs, shortWaitMs } = deps.settings;
  let left = tries;
  const answer = await repeat(deps.platform, { retryMinMs, retryMaxMs, patienceMs: tries * shortWaitMs }, async () => {
    const tried = await deleteOwn(deps, entry);
    left -= 1;
    const isPassing = !tried.ok && (tried.error.kind === "unavailable" || tried.error.kind === "throttled");
    return { kind: isPassing && left > 0 ? "again" : "done", value: tried, ...waitOf(tried) };
  });
  return answer.ok;
}

/** Looks before it deletes: what a user has renamed or moved out of our folder belongs to the user (R11). */
async function deleteOwn(deps: CleanupDeps, entry: LedgerEntry): Promise<Answer<unknown>> {
  const found = await findAsset(deps.mce, entry);
  if (!found.ok || found.value === undefined) return found;
  const own = await isOurs(deps, entry.asset, found.value);
  if (!own.ok) return own;
  if (!own.value) {
    deps.log("asset kept for its user", { why: entry.asset });
    return own;
  }
  const { customerKey } = entry;
  return entry.asset === "queryDefinition"
    ? // Queries are deleted by ObjectID (MCE 5.3).
      deleteQueryDefinition(deps.mce, { objectId: found.value.objectId })
    : deleteDataExtension(deps.mce, { customerKey });
}

type Found = { objectId: string; name: string; folderId?: number };

/** Finds the asset by this run's own key; if its ObjectID is known, that must match too. */
async function findAsset(mce: Mce, { asset, customerKey, objectId }: LedgerEntry): Promise<Answer<Found | undefined>> {
  const found: Answer<Found[]> =
    asset === "queryDefinition"
      ? await findQueryDefinitions(mce, { customerKey })
      : await findDataExtensions(mce, { customerKey });
  if (!found.ok) return found;
  const isKnown = (one: Found) => objectId === undefined || one.objectId.toLowerCase() === objectId.toLowerCase();
  return ok(found.value.find(isKnown));
}

async function isOurs(
  { mce, folders, unit }: CleanupDeps,
  asset: AssetKind,
  { name, folderId }: Found,
): Promise<Answer<boolean>> {
  if (!name.startsWith(namePrefix) || folderId === undefined) return ok(false);
  const kind = asset === "queryDefinition" ? "queryFolderId" : "dataExtensionFolderId";
  return folders.isOwn(mce, unit, { kind, id: folderId });
}
