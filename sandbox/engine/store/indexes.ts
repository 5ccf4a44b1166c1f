import type { DatabaseSync } from "node:sqlite";
import type { Table } from "./table.ts";

/** A value of a table that a query compares with other tables: SQLite's text over the table's own columns. */
export type Wish = { table: Table; value: string };

/** Below this a scan is as fast; more than so many per table are old queries' leftovers. */
const fewestRows = 500;
const mostIndexes = 8;

function countUpTo(db: DatabaseSync, table: Table): number {
  return Number(db.prepare(`SELECT max(rid) AS n FROM ${table.physical}`).get()?.["n"] ?? 0);
}

/** Creates an index and gives its name; nothing when the value fails on a row, which the query may never meet. */
function createIndex(db: DatabaseSync, name: string, { table, value }: Wish): string | undefined {
  try {
    db.exec(`CREATE INDEX ${name} ON ${table.physical} (${value})`);
  } catch {
    return undefined;
  }
  // Without figures SQLite takes an index of two values for as good as one of many.
  db.exec(`ANALYZE ${name}`);
  return name;
}

/**
 * Indexes what a query is about to look up: SQLite makes indexes for joins by itself, but not for correlated subqueries
 * nor for expressions. Each lives until its table is written, for its expression may fail on a new row.
 */
export function grantWishes(db: DatabaseSync, wishes: readonly Wish[]): void {
  for (const wish of wishes) {
    const { table, value } = wish;
    if (table.indexes.has(value) || countUpTo(db, table) < fewestRows) continue;
    const [oldest] = table.indexes;
    if (oldest !== undefined && table.indexes.size >= mostIndexes) dropIndex(db, table, oldest);
    table.indexesMade += 1;
    table.indexes.set(value, createIndex(db, `${table.physical}_i${table.indexesMade}`, wish));
  }
}

function dropIndex(db: DatabaseSync, table: Table, [value, name]: readonly [string, string | undefined]): void {
  if (name !== undefined) db.exec(`DROP INDEX ${name}`);
  table.indexes.delete(value);
}

/** Takes a table's indexes away, before it is written. */
export function dropIndexes(db: DatabaseSync, table: Table): void {
  for (const entry of table.indexes) dropIndex(db, table, entry);
}
