import type { SweptRun } from "#db/sweeps.ts";
import type { AssetKind } from "#protocol/ledger-note.ts";
import { namePrefix, readCustomerKey } from "#run/names.ts";
import type { Settings } from "#protocol/settings.ts";

/** Something that lies in a folder of MCE; `createdAt` is epoch ms. */
export type FoundAsset = {
  asset: AssetKind;
  objectId: string;
  customerKey: string;
  name: string;
  folderId?: number;
  createdAt?: number;
};

/** An asset of ours: its key is the key of a run, and it lies in our folder under one of our names. */
export type OwnAsset = FoundAsset & { runId: string; createdAt: number };

type Limits = Pick<Settings, "resultTtlMs" | "queueTimeoutMs" | "runTimeoutMs" | "objectGraceMs">;

/**
 * Picks what only we can have made and what is old enough to go (R12): all of folder, key form, name and age have to
 * speak for it, so that nothing a user put or renamed there is ever taken for ours. An asset whose age MCE does not tell
 * stays.
 *
 * @param folderId our folder for this kind of asset
 */
export function oldOwnAssets(
  found: readonly FoundAsset[],
  at: { folderId: number; now: number; limits: Limits },
): readonly OwnAsset[] {
  const before = at.now - at.limits.resultTtlMs;
  return found.flatMap((asset) => {
    const key = readCustomerKey(asset.customerKey);
    const { folderId, createdAt, name } = asset;
    if (key === undefined || folderId !== at.folderId || !name.startsWith(namePrefix)) return [];
    return createdAt === undefined || createdAt >= before ? [] : [{ ...asset, runId: key.runId, createdAt }];
  });
}

/**
 * Drops what a run still needs: a run that is alive, or whose rows are still promised to its user; and every Data
 * Extension that some run writes its result into, because by that it has become a user's (R4).
 *
 * @param runs what Postgres knows of these assets' runs; a run it does not know needs nothing any more at this age
 */
export function doomedAssets(
  assets: readonly OwnAsset[],
  runs: readonly SweptRun[],
  now: number,
  limits: Limits,
): readonly OwnAsset[] {
  const needed = new Set(runs.filter((run) => isNeeded(run, now, limits)).map((run) => run.id));
  const targets = new Set(runs.flatMap((run) => run.targetKey?.toLowerCase() ?? []));
  return assets.filter(({ asset, runId, customerKey }) => {
    const isTarget = asset === "dataExtension" && targets.has(customerKey.toLowerCase());
    return !needed.has(runId) && !isTarget;
  });
}

function isNeeded({ status, createdAt, expiresAt = 0 }: SweptRun, now: number, limits: Limits): boolean {
  if (status === "ready" || status === "failed") return now < expiresAt;
  if (status !== "queued" && status !== "running") return false;
  // Both deadlines have passed twice over: the run is over, and only its projection never learned.
  const { queueTimeoutMs, runTimeoutMs, objectGraceMs, resultTtlMs } = limits;
  return now < createdAt + queueTimeoutMs + 2 * (runTimeoutMs + objectGraceMs) + resultTtlMs;
}
