import { given } from "#lang/given.ts";
import { backoff } from "#async/backoff.ts";
import { openDatabase } from "#db/database.ts";
import type { ObjectConfig } from "./config.ts";
import type { Keeper } from "./keeper.ts";
import type { Settings } from "#protocol/settings.ts";
import type { RunRecord } from "#run/record.ts";
import type { Run } from "#run/run.ts";

/** Writes the newest version to Postgres, and any that comes while it does (D1). */
export type Projector = ReturnType<typeof openProjector>;

export type ProjectorDeps = {
  keeper: Keeper;
  settings: Settings;
  now: () => number;
  /** Writes a run to Postgres. Safe to repeat: an older version changes nothing. */
  write: (run: Run) => Promise<unknown>;
};

/** Opens the projector of one object. */
export function openProjector({ keeper, settings, now, write }: ProjectorDeps) {
  let isProjecting = false;

  return async function project(): Promise<void> {
    if (isProjecting) return;
    isProjecting = true;
    try {
      for (let record = keeper.read(); isBehind(record); record = keeper.read()) {
        await write(record.run);
        keeper.changeUpkeep({ projectedVersion: record.run.version, projectTries: 0 });
      }
    } catch {
      const tries = keeper.read()?.upkeep.projectTries ?? 0;
      keeper.changeUpkeep({ projectTries: tries + 1, projectAt: now() + backoff(tries, settings) });
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
