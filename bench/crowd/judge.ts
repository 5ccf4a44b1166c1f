/** What is known of one run of the crowd when all should have ended. */
export type Witnessed = {
  id: string;
  /** How it ended for its client, or why the client saw no end. */
  ended: string;
  /** Each version that the client received. */
  versions: readonly number[];
  /** The last version in the API. */
  version: number;
  /** How often Marketing Cloud got a Perform for it. */
  performs: number;
  /** What it left in Marketing Cloud. */
  queries: number;
  tables: number;
};

/** What is wrong with a run: it must be ready, performed once, received in every version, and leave only its rows. */
export function wrongOf({ id, ended, versions, version, performs, queries, tables }: Witnessed): string | undefined {
  if (ended !== "ready") return `${id}: ${ended}`;
  if (performs !== 1) return `${id} was performed ${performs} times`;
  const isWhole = versions.length === version && versions.every((it, at) => it === at + 1);
  if (!isWhole) return `${id} has ${version} versions; its client received ${versions.join(", ")}`;
  if (queries !== 0) return `${id} left its query definition`;
  return tables === 1 ? undefined : `${id} keeps its rows in ${tables} data extensions`;
}
