import { endLostRun, type StaleRun } from "#db/stale-runs.ts";
import type { RunError } from "#protocol/run-error.ts";
import type { ObjectConfig } from "./config.ts";
import { answerInTime } from "./deadline.ts";
import type { Keeper } from "./keeper.ts";
import { openSystemDatabase, type Projector } from "./projector.ts";

/** Nothing is known of the run any more but what Postgres shows. */
const lost: RunError = {
  code: "INTERNAL",
  title: "The run was lost",
  detail: "The service has lost what it knew of this run; a query it may have started is not followed any more",
  fix: "Run the query again; before you append again to a Data Extension, look whether its rows are there already",
};

/**
 * Brings Postgres and the object together again: a row behind its object is written anew, a live row without an object is
 * ended. An object whose run is unknown stores nothing (D16).
 *
 * @param row what Postgres shows of this run
 * @returns false when Postgres did not take what was to be written
 */
export async function reconcile(
  deps: { keeper: Keeper; project: Projector; config: ObjectConfig },
  row: StaleRun,
): Promise<boolean> {
  const { keeper, project, config } = deps;
  const record = keeper.read();
  if (record === undefined) return endLost(config, row);
  // An object that believes Postgres has it all may be wrong: Postgres too can lose what it once had.
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
