import { desc, eq, sql } from "drizzle-orm";
import { inTenant, type Database } from "./database.ts";
import { runs } from "./schema.ts";

/** One version of a run for Postgres: its owner and what the public API shows. No SQL, no rows. */
export type Projection = {
  id: string;
  tenantId: string;
  userId: string;
  mid: number;
  version: number;
  status: string;
  createdAt: string;
  expiresAt?: string;
  view: unknown;
};

/** Writes a version of a run unless Postgres has it or a newer one. `db` is opened as sqe_system. */
export async function projectRun(db: Database, run: Projection): Promise<void> {
  const view = JSON.stringify(run.view);
  await db.execute(sql`select sqe.project_run(
    ${run.id}, ${run.tenantId}::uuid, ${run.userId}, ${run.mid}::bigint, ${run.version}::int, ${run.status},
    ${run.createdAt}::timestamptz, ${run.expiresAt ?? null}::timestamptz, ${view}::jsonb)`);
}

export type RunOwner = { tenantId: string; userId: string };

/** Reads the last version of the owner's run in Postgres, for a run whose object has been purged. */
export async function readProjectedRun(db: Database, owner: RunOwner, id: string): Promise<unknown> {
  const [row] = await inTenant(db, owner, db.select({ view: runs.view }).from(runs).where(eq(runs.id, id)));
  return row?.view;
}

/** One run of a list. `view` is the Run of the public API, in its last version in Postgres. */
export type ListedRun = { id: string; createdAt: string; view: unknown };

/**
 * Lists the owner's runs, newest first.
 *
 * @param before the `createdAt` and id of the last run of the page before
 */
export async function listProjectedRuns(
  db: Database,
  owner: RunOwner,
  page: { limit: number; before?: { createdAt: string; id: string } },
): Promise<ListedRun[]> {
  const { before } = page;
  const older =
    before === undefined
      ? undefined
      : sql`(${runs.createdAt}, ${runs.id}) < (${before.createdAt}::timestamptz, ${before.id})`;
  const query = db
    .select({ id: runs.id, createdAt: runs.createdAt, view: runs.view })
    .from(runs)
    .where(older)
    .orderBy(desc(runs.createdAt), desc(runs.id))
    .limit(page.limit);
  const rows = await inTenant(db, owner, query);
  return rows.map((row) => ({ id: row.id, createdAt: row.createdAt.toISOString(), view: row.view }));
}
