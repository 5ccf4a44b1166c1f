/** What is known of one run when all should have ended. */
export type Journey = {
  id: string;
  /** How it ended for its client, or why the client saw no end. */
  ended: string;
  /** Each version that the client received, and the last one in the API. */
  versions: readonly number[];
  version: number;
  /** How often Marketing Cloud got a Perform for it, and wrote its rows into a table. */
  performs: number;
  applied: number;
  /** What it left in Marketing Cloud. */
  queries: number;
  tables: number;
  /** It adds a row to a table of its user's; how often that row is there now. */
  rowsAdded?: number;
};

/**
 * What is wrong with a run: it must be ready, performed once, applied once, received in every version, and leave only its
 * rows.
 */
export function wrongOf(journey: Journey): string | undefined {
  const { id, ended, versions, version, performs, applied, queries, tables, rowsAdded } = journey;
  if (ended !== "ready") return `${id}: ${ended} (performed ${performs}, applied ${applied} times)`;
  if (performs !== 1) return `${id} was performed ${performs} times`;
  if (applied !== 1) return `${id} was applied ${applied} times`;
  if (rowsAdded !== undefined && rowsAdded !== 1) return `${id} added its row ${rowsAdded} times`;
  const isWhole = versions.length === version && versions.every((it, at) => it === at + 1);
  if (!isWhole) return `${id} has ${version} versions; its client received ${versions.join(", ")}`;
  if (queries !== 0) return `${id} left its query definition`;
  const tablesWanted = rowsAdded === undefined ? 1 : 0;
  return tables === tablesWanted ? undefined : `${id} keeps ${tables} tables instead of ${tablesWanted}`;
}
