import type { SqlType } from "../types.ts";

/** An output column of a query; without a name when the text has none for it. */
export type OutColumn = { name?: string; type: SqlType };

/**
 * A translated query: it prints itself as a SELECT of `c0, c1, …` and, for the columns asked for, their comparison
 * keys `k<n>`. `isSingleRow`: it can never have more than one row.
 */
export type Relation = {
  columns: readonly OutColumn[];
  print(keys: ReadonlySet<number>): string;
  isSingleRow: boolean;
  isVolatile: boolean;
};

export const noKeys: ReadonlySet<number> = new Set();
