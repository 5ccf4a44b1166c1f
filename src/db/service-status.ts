import { given } from "#lang/given.ts";
import { sql } from "drizzle-orm";
import type { Database } from "./database.ts";

/** Runs of one status; `oldest` in epoch milliseconds. */
export type RunCount = { status: string; runs: number; oldest: number };

/** Counts the runs of all tenants: the live ones, and those of the last day that are over. `db` is opened as sqe_system. */
export async function countRuns(db: Database): Promise<RunCount[]> {
  const { rows } = await db.execute<{ status: string; runs: string; oldest: string }>(
    sql`select * from sqe.count_runs()`,
  );
  return rows.map(({ status, runs, oldest }) => ({ status, runs: Number(runs), oldest: new Date(oldest).getTime() }));
}

/** What the last sweep of a business unit came to; `endedAt` in epoch milliseconds, absent when it was never swept. */
export type LastSweep = {
  tenantId: string;
  mid: number;
  endedAt?: number;
  found?: number;
  deleted?: number;
  failed?: number;
  error?: string;
};

type Row = {
  tenant_id: string;
  mid: string;
  ended_at: string | null;
  found: number | null;
  deleted: number | null;
  failed: number | null;
  error: string | null;
  units: string;
  overdue: string;
};

/**
 * Lists the business units of all tenants with their last sweeps, those swept longest ago first. `db` is opened as sqe_system.
 *
 * @param dueSince epoch milliseconds: a unit not swept since then is overdue
 * @returns at most `atMost` of them, with how many there are and how many are overdue
 */
export async function readLastSweeps(
  db: Database,
  dueSince: number,
  atMost: number,
): Promise<{ units: number; overdue: number; list: LastSweep[] }> {
  const since = new Date(dueSince).toISOString();
  const { rows } = await db.execute<Row>(sql`select * from sqe.last_sweeps(${since}::timestamptz, ${atMost}::int)`);
  const list = rows.map(({ tenant_id: tenantId, mid, ended_at: endedAt, found, deleted, failed, error }) => ({
    tenantId,
    mid: Number(mid),
    ...given({
      endedAt: endedAt === null ? undefined : new Date(endedAt).getTime(),
      found: found ?? undefined,
      deleted: deleted ?? undefined,
      failed: failed ?? undefined,
      error: error ?? undefined,
    }),
  }));
  return { units: Number(rows[0]?.units ?? 0), overdue: Number(rows[0]?.overdue ?? 0), list };
}
