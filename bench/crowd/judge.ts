/** What is known of one run of the crowd when all should be over. */
export type Witnessed = {
  id: string;
  /** How it ended by its client's word, or why the client heard of no end. */
  ended: string;
  /** Each version as the client heard it. */
  versions: readonly number[];
  /** The last version, by the API. */
  version: number;
  /** How often Marketing Cloud was told to perform it. */
  performs: number;
  /** What it has left in Marketing Cloud. */
  queries: number;
  tables: number;
};

/** Says what is wrong with a run: it must be ready, performed once, heard of version by version, and leave its rows alone. */
export function wrongOf({ id, ended, versions, version, performs, queries, tables }: Witnessed): string | undefined {
  if (ended !== "ready") return `${id}: ${ended}`;
  if (performs !== 1) return `${id} was performed ${performs} times`;
  const isWhole = versions.length === version && versions.every((it, at) => it === at + 1);
  if (!isWhole) return `${id} has ${version} versions; its client heard ${versions.join(", ")}`;
  if (queries !== 0) return `${id} left its query definition`;
  return tables === 1 ? undefined : `${id} keeps its rows in ${tables} data extensions`;
}
