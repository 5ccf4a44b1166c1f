import type { Connection } from "#db/connections.ts";
import type { FolderIds } from "#db/folders.ts";
import type { SweepSummary, SweptRun } from "#db/sweeps.ts";
import { given } from "#lang/given.ts";
import type { BusinessUnit, Tenancy } from "#protocol/tenancy.ts";
import type { Run } from "#run/run.ts";

/** Who a simulated run may belong to: a business unit of a tenant, and the connection to it. */
export type Tenant = { tenancy: Tenancy; connection: Connection };

/** What this engine keeps in Postgres, in memory: connections, folder ids and the projection of runs. */
export type ModelPostgres = ReturnType<typeof openModelPostgres>;

/** Opens a Postgres that knows the tenants' connections. */
export function openModelPostgres(tenants: readonly Tenant[]) {
  const folders = new Map<string, FolderIds>();
  const runs = new Map<string, Run>();
  const sweeps: SweepSummary[] = [];
  let isUp = true;
  const keyOf = ({ tenantId, mid }: BusinessUnit) => `${tenantId}/${mid}`;

  async function ask<T>(work: () => T): Promise<T> {
    if (!isUp) throw new Error("Cannot reach Postgres");
    return work();
  }

  return {
    setUp: (next: boolean) => void (isUp = next),
    runs,
    sweeps,
    units: () => tenants.map(({ tenancy: { tenantId, mid } }) => ({ tenantId, mid })),
    recordSweep: (summary: SweepSummary) => ask(() => void sweeps.push(summary)),
    connection: ({ tenantId, connectionId, mid }: { tenantId: string; connectionId: string; mid: number }) =>
      ask(() => {
        const isIt = ({ tenancy }: Tenant) =>
          tenancy.tenantId === tenantId && tenancy.connectionId === connectionId && tenancy.mid === mid;
        return tenants.find(isIt)?.connection;
      }),
    connectionIds: (unit: BusinessUnit) =>
      ask(() =>
        tenants.flatMap(({ tenancy }) => (keyOf(tenancy) === keyOf(unit) ? [String(tenancy.connectionId)] : [])),
      ),
    readFolders: (unit: BusinessUnit) => ask(() => folders.get(keyOf(unit)) ?? {}),
    saveFolders: (unit: BusinessUnit, ids: FolderIds, expected: FolderIds) =>
      ask(() => {
        const known = folders.get(keyOf(unit)) ?? {};
        const isSame =
          known.dataExtensionFolderId === expected.dataExtensionFolderId &&
          known.queryFolderId === expected.queryFolderId;
        if (isSame) folders.set(keyOf(unit), ids);
      }),
    /** As the SQL function does: an older version changes nothing. */
    project: (run: Run) =>
      ask(() => {
        if ((runs.get(run.id)?.version ?? 0) < run.version) runs.set(run.id, run);
      }),
    sweptRuns: (
      tenantId: string,
      { runIds, targetKeys }: { runIds: readonly string[]; targetKeys: readonly string[] },
    ) =>
      ask(() => {
        const keys = targetKeys.map((key) => key.toLowerCase());
        const wanted = [...runs.values()].filter(
          ({ id, tenancy, target }) =>
            tenancy.tenantId === tenantId &&
            (runIds.includes(id) || keys.includes(target?.customerKey.toLowerCase() ?? "")),
        );
        return wanted.map(sweptOf);
      }),
  };
}

function sweptOf(run: Run): SweptRun {
  const { id, status, createdAt, target } = run;
  const expiresAt = "expiresAt" in run ? run.expiresAt : undefined;
  return { id, status, createdAt, ...given({ expiresAt, targetKey: target?.customerKey }) };
}
