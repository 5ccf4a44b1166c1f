import { given } from "#lang/given.ts";
import { backoff } from "#async/backoff.ts";
import { openDatabase, type Database } from "#db/database.ts";
import { projectRun } from "#db/runs.ts";
import type { ObjectConfig } from "./config.ts";
import { answerInTime } from "./deadline.ts";
import type { Keeper } from "./keeper.ts";
import type { RunRecord } from "#run/record.ts";
import { projectionOf } from "./projection.ts";

/** Writes the newest version to Postgres; versions that came meanwhile go in the same round (D1). */
export type Projector = ReturnType<typeof openProjector>;

export function openProjector(config: ObjectConfig, keeper: Keeper) {
  let database: Database | undefined;
  let isProjecting = false;

  return async function project(): Promise<void> {
    if (isProjecting) return;
    isProjecting = true;
    try {
      for (let record = keeper.read(); isBehind(record); record = keeper.read()) {
        database ??= openSystemDatabase(config);
        // Safe to repeat: the function it calls knows versions.
        await answerInTime(projectRun(database, projectionOf(record.run)));
        keeper.changeUpkeep({ projectedVersion: record.run.version, projectTries: 0 });
      }
    } catch {
      const tries = keeper.read()?.upkeep.projectTries ?? 0;
      keeper.changeUpkeep({ projectTries: tries + 1, projectAt: Date.now() + backoff(tries, config.settings) });
    } finally {
      isProjecting = false;
    }
  };
}

/** Opens Postgres as the role that may write runs by narrow functions, and nothing else (D12). */
export function openSystemDatabase({ DATABASE_SYSTEM_URL: url, NEON_FETCH_ENDPOINT: fetchEndpoint }: ObjectConfig) {
  return openDatabase({ url, ...given({ fetchEndpoint }) });
}

function isBehind(record: RunRecord | undefined): record is RunRecord {
  return record !== undefined && record.upkeep.projectedVersion < record.run.version;
}
