import { folderName, readCustomerKey } from "#run/names.ts";
import type { Run } from "#run/run.ts";
import { isOver } from "#protocol/run-status.ts";

/** The part of the sandbox's state that shows whose an asset is (DESIGN 8). */
export type Assets = {
  folders: { id: number; name: string }[];
  dataExtensions: Asset[];
  queries: (Asset & { status: string })[];
};
type Asset = { key: string; name: string; folderId: number };

/** An asset that should be gone, and the run that made it. */
export type Stray = { key: string; run: Run };

/**
 * Finds leftovers: ours by key, name and folder, of a run that is over and whose rows are not there any more.
 *
 * @param runOf undefined for a run the edge of this test never had, such as one the sweeper's tests made up
 */
export function straysIn(assets: Assets, runOf: (id: string) => Run | undefined, now: number): Stray[] {
  const folders = new Set(assets.folders.filter(({ name }) => name === folderName).map(({ id }) => id));
  const queries = assets.queries
    .filter(({ status }) => status === "Active")
    .map((asset) => ({ asset, isTable: false }));
  const tables = assets.dataExtensions.map((asset) => ({ asset, isTable: true }));
  return [...queries, ...tables].flatMap(({ asset, isTable }) => {
    const id = readCustomerKey(asset.key)?.runId;
    const run = id === undefined ? undefined : runOf(id);
    if (run === undefined || !folders.has(asset.folderId) || !asset.name.startsWith("QPP_")) return [];
    const isPromised = isTable && "expiresAt" in run && run.expiresAt !== undefined && run.expiresAt > now;
    return isOver(run.status) && !isPromised ? [{ key: asset.key, run }] : [];
  });
}
