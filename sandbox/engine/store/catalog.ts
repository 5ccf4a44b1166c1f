import type { DatabaseSync } from "node:sqlite";
import type { Field, Stored } from "../types.ts";
import { dropIndexes } from "./indexes.ts";
import { createStatements, insertStatement, planTable, rowOf, type Table } from "./table.ts";

/** Rows made at first use: how many there will be, and the function that makes them. */
type Lazy = { rows: number; fill: () => Iterable<readonly Stored[]> };

export type TableOptions = { isSystem?: boolean; lazy?: Lazy };

/** All tables of all business units, by name without case. SQLite's is made when it is first found, since most are never used. */
export type Catalog = {
  create(mid: number, name: string, fields: readonly Field[], options?: TableOptions): Table;
  drop(mid: number, name: string): void;
  has(mid: number, name: string): boolean;
  /** The table; a lazy one may not have its rows yet. */
  find(mid: number, name: string): Table | undefined;
  /** Makes a lazy table's rows, once. */
  fill(table: Table): void;
  clear(table: Table): void;
  /** How many rows a table has; 0 for an unknown one. */
  count(mid: number, name: string): number;
};

/** Runs `work` in one transaction: all of it or nothing. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec("BEGIN");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    db.exec("ROLLBACK");
    throw error;
  }
}

/** A catalog over one SQLite database. */
export function openCatalog(db: DatabaseSync): Catalog {
  const units = new Map<number, Map<string, Table>>();
  const unmade = new Set<Table>();
  let planned = 0;
  const seek = (mid: number, name: string) => units.get(mid)?.get(name.trimEnd().toLowerCase());
  const catalog: Catalog = {
    create(mid, name, fields, options = {}) {
      catalog.drop(mid, name);
      planned += 1;
      const table = planTable(name, `d${planned}`, fields, options.isSystem ?? false);
      if (options.lazy !== undefined) table.lazy = options.lazy;
      unmade.add(table);
      const unit = units.get(mid) ?? new Map<string, Table>();
      units.set(mid, unit.set(name.toLowerCase(), table));
      return table;
    },
    drop(mid, name) {
      const table = seek(mid, name);
      if (table === undefined) return;
      if (!unmade.delete(table)) db.exec(`DROP TABLE ${table.physical}`);
      units.get(mid)?.delete(name.toLowerCase());
    },
    has: (mid, name) => seek(mid, name) !== undefined,
    find(mid, name) {
      const table = seek(mid, name);
      if (table !== undefined && unmade.delete(table)) {
        for (const statement of createStatements(table)) db.exec(statement);
      }
      return table;
    },
    fill(table) {
      const { lazy } = table;
      if (lazy === undefined) return;
      delete table.lazy;
      const insert = db.prepare(insertStatement(table));
      inTransaction(db, () => {
        for (const values of lazy.fill()) insert.run(...rowOf(table, values));
      });
    },
    clear(table) {
      delete table.lazy;
      dropIndexes(db, table);
      db.exec(`DELETE FROM ${table.physical}`);
    },
    count(mid, name) {
      const table = seek(mid, name);
      if (table === undefined) return 0;
      if (table.lazy !== undefined) return table.lazy.rows;
      if (unmade.has(table)) return 0;
      return Number(db.prepare(`SELECT count(*) AS n FROM ${table.physical}`).get()?.["n"] ?? 0);
    },
  };
  return catalog;
}
