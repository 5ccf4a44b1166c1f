import type { SweepSummary, SweptRun } from "#db/sweeps.ts";
import type { Mce } from "#mce/client.ts";
import type { Answer, MceFailure } from "#mce/failure.ts";
import { deleteDataExtension } from "#mce/soap/data-extension.ts";
import { deleteQueryDefinition } from "#mce/soap/query-definition.ts";
import { ConnectionId } from "#protocol/ids.ts";
import type { Settings } from "#protocol/settings.ts";
import type { SweepFailure, SweepPreview, SweepUnit } from "#protocol/sweep.ts";
import type { Access } from "../business-unit/access.ts";
import type { Log } from "../log.ts";
import type { SweepMetrics } from "../metrics/sweeps.ts";
import { expiredAssets, type OwnAsset } from "./expired-assets.ts";
import { findOldAssets } from "./find-assets.ts";

export type SweepUnitDeps = {
  /** The tenant's connections and grants that may sign in to a business unit. */
  listConnectionIds: (unit: SweepUnit) => Promise<readonly string[]>;
  /** A tenant's runs with these ids, and those that write into these Data Extensions. */
  readSweptRuns: (
    tenantId: string,
    wanted: { runIds: readonly string[]; targetKeys: readonly string[] },
  ) => Promise<readonly SweptRun[]>;
  recordSweep: (summary: SweepSummary) => Promise<void>;
  access: Pick<Access, "open">;
  settings: Settings;
  now: () => number;
  /** Aborted when the bridge shuts down; another bridge does the rest. */
  leaving: AbortSignal;
  metrics: SweepMetrics;
  log: Log;
};

type Found = { kind: "found"; mce: Mce; expired: readonly OwnAsset[] } | { kind: "failed"; error: SweepFailure };

/**
 * Deletes what is left over in one business unit (R12) and records the counts. Safe to run twice and in two places at once:
 * what another sweep has deleted counts as deleted.
 *
 * @throws DrizzleQueryError or NeonDbError while Postgres is away, and when the bridge shuts down
 */
export async function sweepUnit(deps: SweepUnitDeps, unit: SweepUnit, sweepId: string): Promise<void> {
  const found = await findExpired(deps, unit);
  if (found.kind === "failed") {
    deps.log("business unit not swept", { ...unit, why: found.error });
    deps.metrics.swept({ deleted: 0, error: found.error });
    return deps.recordSweep({ ...unit, sweepId, found: 0, deleted: 0, failed: 0, error: found.error });
  }
  let deleted = 0;
  for (const asset of found.expired) {
    deps.leaving.throwIfAborted();
    const answer = await deleteAsset(found.mce, asset);
    if (answer.ok) deleted += 1;
    else deps.log("sweep left an asset", { ...unit, runId: asset.runId, failure: answer.error.kind });
    // The rest counts as failed: the next hour's sweep finds it again.
    if (!answer.ok && answer.error.kind === "throttled") break;
  }
  const failed = found.expired.length - deleted;
  deps.log("business unit swept", { ...unit, count: deleted });
  deps.metrics.swept({ deleted });
  return deps.recordSweep({ ...unit, sweepId, found: found.expired.length, deleted, failed });
}

/** Lists what `sweepUnit` would delete now. */
export async function previewUnit(deps: SweepUnitDeps, unit: SweepUnit): Promise<SweepPreview> {
  const found = await findExpired(deps, unit);
  if (found.kind === "failed") return { ...unit, wouldDelete: [], error: found.error };
  const wouldDelete = found.expired.map(({ asset, customerKey, name, createdAt }) => {
    return { asset, customerKey, name, createdAt: new Date(createdAt).toISOString() };
  });
  return { ...unit, wouldDelete };
}

/** Searches with the first of the tenant's connections, or of its people's grants, that works. */
async function findExpired(deps: SweepUnitDeps, unit: SweepUnit): Promise<Found> {
  const at = { now: deps.now(), limits: deps.settings };
  let error: SweepFailure = "NO_WORKING_CONNECTION";
  for (const id of await deps.listConnectionIds(unit)) {
    const opened = await deps.access.open({ ...unit, connectionId: ConnectionId.parse(id) });
    if (opened.kind !== "open") continue;
    const mce = opened.mce("previews");
    const assets = await findOldAssets(mce, at);
    if (assets.ok) return { kind: "found", mce, expired: await withoutNeeded(deps, unit, assets.value) };
    error = failureOf(assets.error);
    // MCE throttles the business unit, whichever connection asks.
    if (assets.error.kind === "throttled") break;
  }
  return { kind: "failed", error };
}

async function withoutNeeded(
  deps: SweepUnitDeps,
  { tenantId }: SweepUnit,
  assets: readonly OwnAsset[],
): Promise<readonly OwnAsset[]> {
  if (assets.length === 0) return [];
  const runIds = [...new Set(assets.map(({ runId }) => runId))];
  const targetKeys = assets.filter(({ asset }) => asset === "dataExtension").map(({ customerKey }) => customerKey);
  const runs = await deps.readSweptRuns(tenantId, { runIds, targetKeys });
  return expiredAssets(assets, runs, deps.now(), deps.settings);
}

function failureOf({ kind }: MceFailure): SweepFailure {
  switch (kind) {
    case "unauthorized":
    case "forbidden":
      return "NO_WORKING_CONNECTION";
    case "throttled":
    case "unavailable":
    case "aborted":
      return "MCE_UNAVAILABLE";
    case "rejected":
      return "MCE_REFUSED";
  }
}

function deleteAsset(mce: Mce, { asset, objectId, customerKey }: OwnAsset): Promise<Answer<unknown>> {
  return asset === "queryDefinition"
    ? deleteQueryDefinition(mce, { objectId })
    : deleteDataExtension(mce, { customerKey });
}
