import { given } from "#lang/given.ts";
import type { Projection } from "#db/runs.ts";
import type { Place } from "#db/vault.ts";
import type { RunId } from "#protocol/ids.ts";
import type { Run } from "#run/run.ts";
import type { Tenancy } from "#protocol/tenancy.ts";
import { viewOf } from "#run/view.ts";

/** Returns what Postgres stores of a run. */
export function projectionOf(run: Run): Projection {
  const view = viewOf(run);
  const { tenantId, userId, mid } = run.tenancy;
  const { id, version, status, createdAt, expiresAt } = view;
  return { id, tenantId, userId, mid, version, status, createdAt, view, ...given({ expiresAt }) };
}

/** Returns the place of a run's sealed SQL. An envelope copied into another run's object does not open. */
export function sqlPlace({ tenantId }: Tenancy, id: RunId): Place {
  return { table: "run-object", tenantId, row: id, field: "sql" };
}
