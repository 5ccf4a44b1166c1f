import { SweepUnit, type SweepCommand } from "#protocol/sweep.ts";
import type { Log } from "../log.ts";
import type { SweepMetrics } from "../metrics/sweeps.ts";
import type { UnitSweep } from "./sweep-job.ts";

export type FanOutDeps = {
  /** Every business unit with a connection. */
  listSweepUnits: () => Promise<unknown>;
  /** Queues the sweep of one business unit, unless it is queued already. */
  addUnit: (job: UnitSweep, delayMs: number) => Promise<void>;
  /** Publishes which business units a dry run will answer for. */
  announce: (sweepId: string, units: readonly SweepUnit[]) => Promise<void>;
  now: () => number;
  metrics: Pick<SweepMetrics, "started">;
  log: Log;
};

/** Four business units a second: a sweep of thousands must not slow down the runs of users. */
const paceMs = 250;
/** A command this old was sent when no bridge was up; the next hour's will come anyway. */
const staleMs = 60 * 60 * 1000;

/**
 * Queues one job for each business unit, so that none waits for another or fails with it.
 *
 * @throws DrizzleQueryError while Postgres is away
 */
export async function fanOut(deps: FanOutDeps, command: SweepCommand): Promise<void> {
  const { sweepId, at, isDryRun } = command;
  if (deps.now() - at > staleMs) return deps.log("sweep too old", { sweepId });
  const units = SweepUnit.array().parse(await deps.listSweepUnits());
  if (isDryRun) await deps.announce(sweepId, units);
  for (const [index, unit] of units.entries()) {
    const job = { kind: "sweep-unit", ...unit, sweepId, isDryRun } as const;
    await deps.addUnit(job, isDryRun ? 0 : index * paceMs);
  }
  if (!isDryRun) deps.metrics.started();
  return deps.log("sweep started", { sweepId, count: units.length });
}
