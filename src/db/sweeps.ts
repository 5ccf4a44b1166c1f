import { given } from "#lang/given.ts";
import { sql } from "drizzle-orm";
import { inTenant, type Database } from "./database.ts";
import type { BusinessUnit } from "./folders.ts";

/** Lists every business unit that can be signed in to. `db` is opened as sqe_sweeper. */
export async function listSweepUnits(db: Database): Promise<BusinessUnit[]> {
  const { rows } = await db.execute<{ tenant_id: string; mid: string }>(sql`select * from sqe.sweep_units()`);
  return rows.map((row) => ({ tenantId: row.tenant_id, mid: Number(row.mid) }));
}

/** What Postgres knows of a run whose assets a sweep has found. Times are epoch milliseconds. */
export type SweptRun = { id: string; status: string; createdAt: number; expiresAt?: number; targetKey?: string };

/**
 * Reads a tenant's runs of certain ids, and those that write into certain Data Extensions. `db` is opened as
 * sqe_sweeper; these are runs of all users of the tenant.
 */
export async function readSweptRuns(
  db: Database,
  tenantId: string,
  wanted: { runIds: readonly string[]; targetKeys: readonly string[] },
): Promise<SweptRun[]> {
  const targetKeys = wanted.targetKeys.map((key) => key.toLowerCase());
  const { rows } = await db.execute<{
    id: string;
    status: string;
    created_at: string;
    expires_at: string | null;
    target_key: string | null;
  }>(
    sql`select * from sqe.sweep_runs(${tenantId}::uuid, ${arrayOf(wanted.runIds)}::text[], ${arrayOf(targetKeys)}::text[])`,
  );
  return rows.map((row) => ({
    id: row.id,
    status: row.status,
    createdAt: new Date(row.created_at).getTime(),
    ...given({
      expiresAt: row.expires_at === null ? undefined : new Date(row.expires_at).getTime(),
      targetKey: row.target_key ?? undefined,
    }),
  }));
}

/** Postgres' own writing of an array: a list in drizzle's `sql` becomes a row instead. */
function arrayOf(texts: readonly string[]): string {
  return `{${texts.map((text) => JSON.stringify(text)).join(",")}}`;
}

/** What the sweep of one business unit came to. */
export type SweepSummary = BusinessUnit & {
  sweepId: string;
  found: number;
  deleted: number;
  failed: number;
  error?: string;
};

/** Records a sweep and forgets those of more than a month ago; the same sweep once more replaces its row. */
export async function recordSweep(db: Database, summary: SweepSummary): Promise<void> {
  const { tenantId, mid, sweepId, found, deleted, failed, error = null } = summary;
  await inTenant(
    db,
    { tenantId },
    db.execute(sql`
      with forgotten as (delete from sqe.sweeps where mid = ${mid} and ended_at < now() - interval '30 days')
      insert into sqe.sweeps as known (tenant_id, mid, sweep_id, found, deleted, failed, error)
      values (${tenantId}, ${mid}, ${sweepId}, ${found}, ${deleted}, ${failed}, ${error})
      on conflict (tenant_id, mid, sweep_id) do update
        set ended_at = now(), failed = excluded.failed, error = excluded.error,
            found = known.deleted + excluded.found, deleted = known.deleted + excluded.deleted`),
  );
}
