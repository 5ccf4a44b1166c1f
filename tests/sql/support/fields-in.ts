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

/** What the corpus knows of a query's tables. */
export function fieldsIn({ tables }: CorpusQuery): (table: TableRef) => readonly TableField[] | undefined {
  return ({ name, ent }) => (ent ? tables[`ent.${name.toLowerCase()}`] : undefined) ?? tables[name.toLowerCase()];
}
