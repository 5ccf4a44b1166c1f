import { given } from "#lang/given.ts";
import type { Projection } from "#db/runs.ts";
import type { Run } from "#run/run.ts";
import { viewOf } from "#run/view.ts";

/** Returns what Postgres stores of a run. */
export function projectionOf(run: Run): Projection {
  const view = viewOf(run);
  const { tenantId, userId, mid } = run.tenancy;
  const { id, version, status, createdAt, expiresAt } = view;
  return { id, tenantId, userId, mid, version, status, createdAt, view, ...given({ expiresAt }) };
}
