import { given } from "#lang/given.ts";
import { neededMigration, readAppliedMigrations } from "#db/needed-schema.ts";
import { countRuns, readLastSweeps, type LastSweep, type RunCount } from "#db/service-status.ts";
import { sweepDueMs, type ServiceStatus } from "#protocol/service-status.ts";
import { version } from "#protocol/version.ts";
import type { Clients } from "../clients.ts";
import { readRedisStatus } from "./redis-status.ts";

/** More would be no list for a person; the counts are over all. */
const unitsMax = 100;

/** Reads how the service stands. A store that does not answer is `down`, and what it would have told is left out. */
export async function readStatus(clients: Clients): Promise<ServiceStatus> {
  const now = clients.platform.now();
  const [redis, postgres] = await Promise.all([
    readRedisStatus(clients.redis, now).catch(() => undefined),
    readPostgresStatus(clients, now).catch(() => undefined),
  ]);
  return {
    at: isoOf(now),
    version,
    redis: redis === undefined ? "down" : "up",
    postgres: postgres === undefined ? "down" : "up",
    ...redis,
    ...postgres,
  };
}

async function readPostgresStatus(clients: Clients, now: number) {
  const { systemDatabase } = clients;
  const app = await clients.database();
  const [counts, sweeps, applied] = await Promise.all([
    countRuns(systemDatabase),
    readLastSweeps(systemDatabase, now - sweepDueMs, unitsMax),
    readAppliedMigrations(app),
  ]);
  const schema = {
    needed: neededMigration,
    newest: applied.at(-1) ?? "none",
    isNewEnough: applied.includes(neededMigration),
  };
  return { runs: runsOf(counts), sweeps: { ...sweeps, list: sweeps.list.map(unitOf) }, schema };
}

function runsOf(counts: readonly RunCount[]) {
  const of = (wanted: string) => counts.find(({ status }) => status === wanted);
  const number = (status: string) => of(status)?.runs ?? 0;
  const queued = of("queued");
  return {
    queued: number("queued"),
    ...given({ queuedSince: queued && isoOf(queued.oldest) }),
    running: number("running"),
    ready: number("ready"),
    failed: number("failed"),
    canceled: number("canceled"),
  };
}

function unitOf({ endedAt, ...unit }: LastSweep) {
  return { ...unit, ...given({ endedAt: endedAt === undefined ? undefined : isoOf(endedAt) }) };
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
