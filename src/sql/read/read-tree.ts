import { given } from "#lang/given.ts";
import type { TableField, TableRef } from "../fields.ts";
import type { Query } from "../syntax/tree.ts";
import { queryColumns } from "./query.ts";
import { starRoom, type Reading } from "./reading.ts";
import { emptyScope, type Columns } from "./scope.ts";

/**
 * Walks a whole syntax tree: the query's columns, and what the walk gathered.
 *
 * @param lostFrom why a FROM may lack tables
 */
export function readTree(
  { sql, tree }: { sql: string; tree: Query },
  fieldsOf: (table: TableRef) => readonly TableField[] | undefined,
  lostFrom?: string,
): { reading: Reading; columns: Columns } {
  const reading: Reading = {
    sql,
    fieldsOf,
    tables: new Map(),
    queryColumns,
    edits: [],
    doubts: [],
    beside: new Map(),
    misnamed: [],
    selects: [],
    orders: new Map(),
    openStars: [],
    stars: { room: starRoom },
    ...given({ lostFrom }),
  };
  return { reading, columns: queryColumns(reading, tree, emptyScope, "output") };
}
