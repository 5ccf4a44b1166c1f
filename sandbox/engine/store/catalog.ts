import type { DatabaseSync } from "node:sqlite";
import type { Field, Stored } from "../types.ts";
import { dropIndexes } from "./indexes.ts";
import { createStatements, insertStatement, planTable, rowOf, type Table } from "./table.ts";

/** Rows made at first use: how many there will be, and the function that makes them. */
type Lazy = { rows: number; fill: () => Iterable<readonly Stored[]> };

/** `isListed`: one of thousands that nobody may ever use, so it is made when it is first found. */
export type TableOptions = { isSystem?: boolean; lazy?: Lazy; isListed?: boolean };

/** All tables of all business units, by name without case. */
export type Catalog = {
  create(mid: number, name: string, fields: readonly Field[], options?: TableOptions): Table;
  drop(mid: number, name: string): void;
  /** The table; a lazy one may not have its rows yet. */
  find(mid: number, name: string): Table | undefined;
  /** Makes a lazy table's rows, once. */
  fill(table: Table): void;
  clear(table: Table): void;
  count(table: Table): number;
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
  const listed = new Set<Table>();
  let made = 0;
  const make = (table: Table) => {
    for (const statement of createStatements(table)) db.exec(statement);
  };
  const catalog: Catalog = {
    create(mid, name, fields, options = {}) {
      catalog.drop(mid, name);
      made += 1;
      const table = planTable(name, `d${made}`, fields, options.isSystem ?? false);
      if (options.lazy !== undefined) table.lazy = options.lazy;
      if (options.isListed === true) listed.add(table);
      else make(table);
      const unit = units.get(mid) ?? new Map<string, Table>();
      units.set(mid, unit.set(name.toLowerCase(), table));
      return table;
    },
    drop(mid, name) {
      const table = catalog.find(mid, name);
      if (table === undefined) return;
      db.exec(`DROP TABLE ${table.physical}`);
      units.get(mid)?.delete(name.toLowerCase());
    },
    find(mid, name) {
      const table = units.get(mid)?.get(name.trimEnd().toLowerCase());
      if (table !== undefined && listed.delete(table)) make(table);
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
    count(table) {
      if (table.lazy !== undefined) return table.lazy.rows;
      return Number(db.prepare(`SELECT count(*) AS n FROM ${table.physical}`).get()?.["n"] ?? 0);
    },
  };
  return catalog;
}
