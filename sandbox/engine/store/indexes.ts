import type { DatabaseSync } from "node:sqlite";
import type { Table } from "./table.ts";

/** An index that would make a query fast: SQLite's text of a value over the table's own columns. */
export type IndexRequest = { table: Table; value: string };

/** With fewer rows a scan is as fast. Indexes of a table beyond this number are left from old queries. */
const fewestRows = 500;
const mostIndexes = 8;

function countUpTo(db: DatabaseSync, table: Table): number {
  return Number(db.prepare(`SELECT max(rid) AS n FROM ${table.physical}`).get()?.["n"] ?? 0);
}

/** Creates an index and returns its name; undefined when the value fails on a row, which the query may never read. */
function createIndex(db: DatabaseSync, name: string, { table, value }: IndexRequest): string | undefined {
  try {
    db.exec(`CREATE INDEX ${name} ON ${table.physical} (${value})`);
  } catch {
    return undefined;
  }
  // Without statistics SQLite considers an index with two values as good as one with many.
  db.exec(`ANALYZE ${name}`);
  return name;
}

/**
 * Creates the indexes a query needs: SQLite makes its own for joins, but not for correlated subqueries or expressions.
 * Each lives until its table is written, since its expression may fail on a new row.
 */
export function createIndexes(db: DatabaseSync, indexRequests: readonly IndexRequest[]): void {
  for (const request of indexRequests) {
    const { table, value } = request;
    if (table.indexes.has(value) || countUpTo(db, table) < fewestRows) continue;
    const [oldest] = table.indexes;
    if (oldest !== undefined && table.indexes.size >= mostIndexes) dropIndex(db, table, oldest);
    table.indexesMade += 1;
    table.indexes.set(value, createIndex(db, `${table.physical}_i${table.indexesMade}`, request));
  }
}

function dropIndex(db: DatabaseSync, table: Table, [value, name]: readonly [string, string | undefined]): void {
  if (name !== undefined) db.exec(`DROP INDEX ${name}`);
  table.indexes.delete(value);
}

/** Drops a table's indexes, before it is written. */
export function dropIndexes(db: DatabaseSync, table: Table): void {
  for (const entry of table.indexes) dropIndex(db, table, entry);
}
