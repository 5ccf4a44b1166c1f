import { given } from "#lang/given.ts";
import { backoff } from "#async/backoff.ts";
import { openDatabase, type Database } from "#db/database.ts";
import { projectRun } from "#db/runs.ts";
import type { ObjectConfig } from "./config.ts";
import { answerInTime } from "./deadline.ts";
import type { Keeper } from "./keeper.ts";
import type { RunRecord } from "#run/record.ts";
import { projectionOf } from "./projection.ts";

/** Writes the newest version to Postgres, and any that comes while it does (D1). */
export type Projector = ReturnType<typeof openProjector>;

/** Opens the projector of one object; it connects when there is something to write. */
export function openProjector(config: ObjectConfig, keeper: Keeper) {
  let database: Database | undefined;
  let isProjecting = false;

  return async function project(): Promise<void> {
    if (isProjecting) return;
    isProjecting = true;
    try {
      for (let record = keeper.read(); isBehind(record); record = keeper.read()) {
        database ??= openSystemDatabase(config);
        // Safe to repeat: the SQL function compares versions.
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
