import { existsSync, readFileSync } from "node:fs";
import type { TableField, TableRef } from "#sql/infer.ts";
import type { ExpectedColumn } from "./score.ts";

/** One real query of the corpus beside the project, with the fields of its tables by lower-cased name. */
export type CorpusQuery = {
  id: string;
  sql: string;
  tables: Record<string, TableField[]>;
  expected: ExpectedColumn[];
  /** The real Data Extension people ran it into. */
  target?: { fields: { name: string; fieldType: TableField["fieldType"] }[] };
};

/** The queries of a corpus file; none when it is absent. */
export function readCorpus(file: string | URL): CorpusQuery[] {
  if (!existsSync(file)) return [];
  return (
    readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line.trim() !== "")
      // The corpus is described by its README.
      .map((line) => JSON.parse(line) as CorpusQuery)
  );
}

/** The development corpus, which lies beside the project or not at all. */
export const devCorpus = new URL("../../../../shared/sql-corpus/dev.jsonl", import.meta.url);

/** What the corpus knows of a query's tables. */
export function fieldsIn({ tables }: CorpusQuery): (table: TableRef) => readonly TableField[] | undefined {
  return ({ name, ent }) => (ent ? tables[`ent.${name.toLowerCase()}`] : undefined) ?? tables[name.toLowerCase()];
}
