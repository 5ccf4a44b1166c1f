import { and, eq, sql } from "drizzle-orm";
import { inTenant, type Database } from "./database.ts";
import type { BusinessUnit } from "./folders.ts";
import { queryDurations } from "./schema.ts";

/** The durations of one shape: their weight, and the mean and variance of their logarithms. */
export type Durations = { runs: number; mean: number; variance: number };

/** The weight that earlier runs keep at each new run; only about the last thirty count. */
const fade = 0.97;

/** Reads the durations of one shape. @returns undefined before its first run */
export async function readDurations(db: Database, unit: BusinessUnit, shape: string): Promise<Durations | undefined> {
  const { runs, mean, variance } = queryDurations;
  const own = and(
    eq(queryDurations.tenantId, unit.tenantId),
    eq(queryDurations.mid, unit.mid),
    eq(queryDurations.shape, shape),
  );
  const [row] = await inTenant(db, unit, db.select({ runs, mean, variance }).from(queryDurations).where(own));
  return row;
}

/** Adds the logarithm of one run's duration, and deletes the unit's shapes that were not run for 90 days. */
export async function learnDuration(db: Database, unit: BusinessUnit, shape: string, log: number): Promise<void> {
  await inTenant(
    db,
    unit,
    db.execute(sql`
      with forgotten as (
        delete from sqe.query_durations
        where tenant_id = ${unit.tenantId}::uuid and mid = ${unit.mid}::bigint and shape <> ${shape}
          and updated_at < now() - interval '90 days'
      )
      insert into sqe.query_durations as known (tenant_id, mid, shape, runs, mean, variance)
      values (${unit.tenantId}::uuid, ${unit.mid}::bigint, ${shape}, 1, ${log}::float8, 0)
      on conflict (tenant_id, mid, shape) do update set
        runs = ${fade}::float8 * known.runs + 1,
        mean = known.mean + (excluded.mean - known.mean) / (${fade}::float8 * known.runs + 1),
        variance = ${fade}::float8 * known.runs / (${fade}::float8 * known.runs + 1)
          * (known.variance + (excluded.mean - known.mean) ^ 2 / (${fade}::float8 * known.runs + 1)),
        updated_at = now()`),
  );
}
