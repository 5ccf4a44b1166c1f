import { sql } from "drizzle-orm";
import type { Database } from "#db/database.ts";
import { deleteOldRuns } from "#db/old-runs.ts";
import { projectRun, readProjectedRun } from "#db/runs.ts";
import { listSweepUnits } from "#db/sweeps.ts";
import { databaseOf } from "./databases.ts";
import { broken, ok, skipped, type Check, type Finding } from "./finding.ts";

const userId = "sqe-doctor";
/** Older than any run: the row goes with the next deletion of old rows, should this check be cut short. */
const createdAt = "1970-01-02T00:00:00.000Z";
const deleteBefore = Date.parse("1970-01-03T00:00:00.000Z");
const otherTenant = "d0c70000-0000-4000-8000-000000000000";

/** One row of a run: written as the objects write it, read by its owner, and hidden from everybody else. */
export const projectionCheck: Check = {
  id: "projection",
  title: "Runs in Postgres",
  async look({ settings }) {
    const [app, system, sweeper] = (["app", "system", "sweeper"] as const).map((role) => databaseOf(settings, role));
    if (app === undefined || system === undefined || sweeper === undefined)
      return [skipped("A run's row: not all three roles are given")];
    try {
      const [unit] = await listSweepUnits(sweeper);
      if (unit === undefined) return [skipped("A run's row: no connection to Marketing Cloud is there yet")];
      return [await walk(app, system, unit)];
    } catch {
      return [skipped("A run's row: Postgres refuses or does not answer; see the lines about Postgres")];
    }
  },
};

async function walk(
  app: Database,
  system: Database,
  { tenantId, mid }: { tenantId: string; mid: number },
): Promise<Finding> {
  const id = crypto.randomUUID().replaceAll("-", "").slice(0, 30);
  const view = { id, status: "canceled" };
  const run = { id, tenantId, userId, mid, version: 1, status: "canceled", createdAt, view };
  const isThere = async (owner: { tenantId: string; userId: string }) =>
    (await readProjectedRun(app, owner, id)) !== undefined;
  try {
    await projectRun(system, run);
    if (!(await isThere({ tenantId, userId }))) {
      return broken(
        "A run's row that was written is not there",
        "Lists of runs stay empty",
        "Compare the policies with the migrations",
      );
    }
    await projectRun(system, { ...run, tenantId: otherTenant, version: 2 }).catch(() => undefined);
    const leaks = await Promise.all([
      isThere({ tenantId: otherTenant, userId }),
      isThere({ tenantId, userId: `${userId}-2` }),
      isTableOpen(app),
    ]);
    if (!leaks.includes(true)) return ok("A run's row is written, read by its owner, and hidden from others");
    return broken(
      "A run's row is visible to another tenant or user",
      "Tenants see one another's runs",
      "Take the service down; compare the policies of sqe.runs with the migrations",
    );
  } finally {
    await deleteOldRuns(system, deleteBefore, 100);
  }
}

/** Without a claim no row may be visible. */
async function isTableOpen(app: Database): Promise<boolean> {
  const { rows } = await app.execute(sql`select 1 from sqe.runs limit 1`);
  return rows.length > 0;
}
