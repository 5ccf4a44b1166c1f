import type { SweptRun } from "#db/sweeps.ts";
import type { AssetKind } from "#protocol/ledger-note.ts";
import { namePrefix, readCustomerKey } from "#run/names.ts";
import type { Settings } from "#protocol/settings.ts";

/** Something in a folder of MCE; `createdAt` is epoch milliseconds. */
export type FoundAsset = {
  asset: AssetKind;
  objectId: string;
  customerKey: string;
  name: string;
  folderId?: number;
  createdAt?: number;
};

/** An asset of ours: it has a run's key and one of our names, and is in our folder. */
export type OwnAsset = FoundAsset & { runId: string; createdAt: number };

type Limits = Pick<Settings, "resultTtlMs" | "queueTimeoutMs" | "runTimeoutMs" | "objectGraceMs">;

/**
 * Picks what only we can have created and what is old enough to delete (R12). Folder, key, name and age must all match, so
 * that nothing a user put or renamed there is ever deleted. An asset whose age MCE does not return stays.
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
 * Drops what a run still needs, because it is not over or its rows have not expired, and every Data Extension that is the
 * target of some run, which makes it a user's (R4).
 *
 * @param runs what Postgres knows about these assets' runs; at this age an unknown run needs nothing any more
 */
export function expiredAssets(
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
  // After twice both deadlines the run is over, and only its projection is out of date.
  const { queueTimeoutMs, runTimeoutMs, objectGraceMs, resultTtlMs } = limits;
  return now < createdAt + queueTimeoutMs + 2 * (runTimeoutMs + objectGraceMs) + resultTtlMs;
}
