import { endLostRun, type StaleRun } from "#db/stale-runs.ts";
import type { RunError } from "#protocol/run-error.ts";
import type { ObjectConfig } from "./config.ts";
import { answerInTime } from "./deadline.ts";
import type { Keeper } from "./keeper.ts";
import { openSystemDatabase, type Projector } from "./projector.ts";

/** Only Postgres still knows this run. */
const lost: RunError = {
  code: "INTERNAL",
  title: "The run was lost",
  detail: "The service has lost its record of this run. If its query was started, it is no longer followed",
  fix: "Run the query again; before you append to a Data Extension again, check whether the rows are already there",
};

/**
 * Makes Postgres and the object agree: a row behind its object is written again, a live row without an object is ended.
 * An object whose run is unknown stores nothing (D16).
 *
 * @param row what Postgres has of this run
 * @returns false when a write to Postgres failed
 */
export async function reconcile(
  deps: { keeper: Keeper; project: Projector; config: ObjectConfig },
  row: StaleRun,
): Promise<boolean> {
  const { keeper, project, config } = deps;
  const record = keeper.read();
  if (record === undefined) return endLost(config, row);
  // The object may be wrong about what Postgres has: Postgres can lose rows too.
  if (row.version >= record.run.version) return true;
  keeper.changeUpkeep({ projectedVersion: Math.min(row.version, record.upkeep.projectedVersion) });
  await project();
  const latest = keeper.read();
  return latest === undefined || latest.upkeep.projectedVersion >= record.run.version;
}

function endLost(config: ObjectConfig, row: StaleRun): Promise<boolean> {
  const ended = endLostRun(openSystemDatabase(config), { ...row, endedAt: new Date().toISOString(), error: lost });
  return answerInTime(ended).then(
    () => true,
    () => false,
  );
}
