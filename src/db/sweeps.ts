import { given } from "#lang/given.ts";
import { sql } from "drizzle-orm";
import { inTenant, type Database } from "./database.ts";
import type { BusinessUnit } from "./folders.ts";

/** Lists every business unit with a connection. `db` is opened as sqe_sweeper. */
export async function listSweepUnits(db: Database): Promise<BusinessUnit[]> {
  const { rows } = await db.execute<{ tenant_id: string; mid: string }>(sql`select * from sqe.sweep_units()`);
  return rows.map((row) => ({ tenantId: row.tenant_id, mid: Number(row.mid) }));
}

/** A run whose assets a sweep has found. Times are epoch milliseconds. */
export type SweptRun = { id: string; status: string; createdAt: number; expiresAt?: number; targetKey?: string };

/**
 * Reads a tenant's runs with these ids, and those that write into these Data Extensions, of all its users. `db` is
 * opened as sqe_sweeper.
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

/** Writes an array as Postgres does; a list in drizzle's `sql` would become a row. */
function arrayOf(texts: readonly string[]): string {
  return `{${texts.map((text) => JSON.stringify(text)).join(",")}}`;
}

/** The result of sweeping one business unit. */
export type SweepSummary = BusinessUnit & {
  sweepId: string;
  found: number;
  deleted: number;
  failed: number;
  error?: string;
};

/** Records a sweep, in the audit log too if it changed anything, and deletes those older than 30 days. The same sweep adds to its row when it is done again. */
export async function recordSweep(db: Database, summary: SweepSummary): Promise<void> {
  const { tenantId, mid, sweepId, found, deleted, failed, error = null } = summary;
  await inTenant(
    db,
    { tenantId },
    db.execute(sql`
      with forgotten as (delete from sqe.sweeps where mid = ${mid} and ended_at < now() - interval '30 days'),
      noted as (
        insert into sqe.audit_log (tenant_id, user_id, action, actor, mid, detail)
        select ${tenantId}, 'sweeper', 'sweep', 'system', ${mid}::bigint,
          jsonb_build_object('deleted', ${deleted}::int, 'failed', ${failed}::int)
        where ${deleted}::int > 0 or ${failed}::int > 0
      )
      insert into sqe.sweeps as known (tenant_id, mid, sweep_id, found, deleted, failed, error)
      values (${tenantId}, ${mid}, ${sweepId}, ${found}, ${deleted}, ${failed}, ${error})
      on conflict (tenant_id, mid, sweep_id) do update
        set ended_at = now(), failed = excluded.failed, error = excluded.error,
            found = known.deleted + excluded.found, deleted = known.deleted + excluded.deleted`),
  );
}
