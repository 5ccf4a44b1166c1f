import type { Redis } from "ioredis";
import type { SweepPreview, SweepUnit } from "#protocol/sweep.ts";
import { sweepAnswers, sweepAnswersTtlSeconds, sweepUnitsField } from "#protocol/redis-keys.ts";
import { fanOut, type FanOutDeps } from "./fan-out.ts";
import type { SweepJob } from "./sweep-job.ts";
import { previewUnit, sweepUnit, type SweepUnitDeps } from "./sweep-unit.ts";

export type SweeperDeps = SweepUnitDeps & Pick<FanOutDeps, "addUnit" | "listSweepUnits"> & { redis: Redis };

/** Does one of the sweeper's jobs. */
export type Sweeper = (job: SweepJob) => Promise<void>;

/** Opens the sweeper. Only the edge's commands start a sweep, never a start of the bridge (R12). */
export function openSweeper(deps: SweeperDeps): Sweeper {
  const answer = (sweepId: string, field: string, value: readonly SweepUnit[] | SweepPreview) =>
    publishAnswer(deps.redis, sweepId, field, value);
  const announce: FanOutDeps["announce"] = (sweepId, units) => answer(sweepId, sweepUnitsField, units);
  return async (job) => {
    if (job.kind === "sweep") return fanOut({ ...deps, announce }, job);
    const { tenantId, mid, sweepId, isDryRun } = job;
    const unit = { tenantId, mid };
    if (!isDryRun) return sweepUnit(deps, unit, sweepId);
    return answer(sweepId, `${tenantId}/${mid}`, await previewUnit(deps, unit));
  };
}

async function publishAnswer(
  redis: Redis,
  sweepId: string,
  field: string,
  value: readonly SweepUnit[] | SweepPreview,
): Promise<void> {
  const key = sweepAnswers(sweepId);
  await redis.multi().hset(key, field, JSON.stringify(value)).expire(key, sweepAnswersTtlSeconds).exec();
}
