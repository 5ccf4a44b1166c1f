import { DatabaseSync } from "node:sqlite";
import { fromValue, toValue } from "./convert/value.ts";
import { check } from "./query/check.ts";
import { runInto } from "./query/run-into.ts";
import { selectRows } from "./query/select-rows.ts";
import { applyRows } from "./store/apply.ts";
import { openCatalog, type TableOptions } from "./store/catalog.ts";
import type { Runtime } from "./query/runtime.ts";
import type { Applied, CheckTarget, Refusal, Rows, Scope } from "./scope.ts";
import type { TextRules } from "./rules/text-rules.ts";
import type { Table } from "./store/table.ts";
import { openFunctions } from "./udfs/functions.ts";
import { text, type Field, type FieldType, type Value } from "./types.ts";
import { SqlError } from "./values/sql-error.ts";

export type { Field, FieldType };

/**
 * The SQL engine of the sandbox: data extensions and system views per business unit, and T-SQL SELECTs over them as
 * Query Activities run them. It refuses what it cannot run correctly, and never throws for a query's own faults.
 */
export type Engine = {
  /** Creates a table, replacing one of the same name. `lazy` makes its rows at first use; `isSystem` makes it a read-only view. */
  createTable(mid: number, name: string, fields: readonly Field[], options?: TableOptions): void;
  dropTable(mid: number, name: string): void;
  clearTable(mid: number, name: string): void;
  hasTable(mid: number, name: string): boolean;
  countRows(mid: number, name: string): number;
  /** All rows in field order, oldest first; none for an unknown table. */
  readRows(mid: number, name: string): Value[][];
  /** The `_CustomObjectKey` of each row, in the order of `readRows`. */
  readKeys(mid: number, name: string): number[];
  insertRows(mid: number, name: string, rows: readonly (readonly Value[])[], mode?: "append" | "update"): Applied;
  /** What MCE checks when a query is saved: syntax, the rules of MCE 8.1 and 8.2, names, and the columns against the target. */
  check(sql: string, scope: Scope, target?: CheckTarget): { kind: "fine"; columns: { name: string }[] } | Refusal;
  /** Runs a SELECT without a target. @param rules those of the engine, unless others are given */
  select(sql: string, scope: Scope, rules?: Runtime["rules"]): Rows | Refusal;
  /**
   * Runs a SELECT into an existing table: Overwrite clears it first, Append inserts, Update replaces by primary key.
   * The insert is atomic; with Overwrite the table is already empty when it fails. Failures carry the texts of MCE 8.6.
   */
  run(sql: string, scope: Scope, target: Omit<CheckTarget, "fields">): Applied;
  /** Sets the checker's rules from now on. */
  checkText(rules: TextRules): void;
  close(): void;
};

/** `rules: "off"` runs what MCE's checker would refuse (ORDER BY without TOP, unnamed columns, …); `cte` accepts WITH. */
export type EngineOptions = { rules?: "mce" | "off"; cte?: boolean };

/** Opens an empty engine in memory. */
export function openEngine(options: EngineOptions = {}): Engine {
  const db = new DatabaseSync(":memory:");
  const catalog = openCatalog(db);
  const text = { cte: options.cte ?? false, leadingParenthesis: true };
  const runtime: Runtime = { db, catalog, functions: openFunctions(db), rules: options.rules ?? "mce", text };

  function filled(mid: number, name: string): Table | undefined {
    const table = catalog.find(mid, name);
    if (table !== undefined) catalog.fill(table);
    return table;
  }

  return {
    createTable: (mid, name, fields, tableOptions) => void catalog.create(mid, name, fields, tableOptions),
    dropTable: (mid, name) => catalog.drop(mid, name),
    clearTable(mid, name) {
      const table = catalog.find(mid, name);
      if (table !== undefined) catalog.clear(table);
    },
    hasTable: (mid, name) => catalog.has(mid, name),
    countRows: (mid, name) => catalog.count(mid, name),
    readRows(mid, name) {
      const table = filled(mid, name);
      if (table === undefined) return [];
      return readTable(db, table);
    },
    readKeys(mid, name) {
      const table = filled(mid, name);
      if (table === undefined) return [];
      return db
        .prepare(`SELECT rid FROM ${table.physical} ORDER BY rid`)
        .all()
        .map((row) => Number(row["rid"]));
    },
    insertRows(mid, name, rows, mode = "append") {
      const table = filled(mid, name);
      if (table === undefined || table.isSystem) return { kind: "failed", message: `Invalid object name '${name}'.` };
      return insertValues(db, mid, table, rows, mode);
    },
    check: (sql, scope, target) => check(runtime, sql, scope, target),
    select: (sql, scope, rules = runtime.rules) => selectRows({ ...runtime, rules }, sql, scope),
    run: (sql, scope, target) => runInto(runtime, sql, scope, target),
    checkText(rules) {
      runtime.text = rules;
    },
    close: () => db.close(),
  };
}

function readTable(db: DatabaseSync, table: Table): Value[][] {
  const statement = db.prepare(
    `SELECT ${table.columns.map(({ place }) => place).join(", ") || "NULL"} FROM ${table.physical} ORDER BY rid`,
  );
  statement.setReturnArrays(true);
  const writers = table.columns.map(({ type }) => toValue(type));
  // `setReturnArrays` makes every row an array; the types of node:sqlite do not have that.
  const rows = statement.all() as unknown as (string | number | null)[][];
  return rows.map((row) => writers.map((write, at) => write(row[at] ?? null)));
}

function insertValues(
  db: DatabaseSync,
  mid: number,
  table: Table,
  rows: readonly (readonly Value[])[],
  mode: "append" | "update",
): Applied {
  try {
    const readers = table.columns.map(({ type }) =>
      type.kind === "bit" || type.kind === "moment" ? fromValue(type) : undefined,
    );
    const typed = rows.map((row) => row.map((value, at) => readers[at]?.(value) ?? value));
    const columns = table.columns.map(({ field, type }, at) => ({
      name: field.name,
      type: readers[at] === undefined ? text("max") : type,
    }));
    return {
      kind: "applied",
      rows: applyRows(db, mid, table, { columns, rows: typed }, mode === "append" ? "insert" : "update"),
    };
  } catch (error) {
    if (error instanceof SqlError) return { kind: "failed", message: error.message };
    throw error;
  }
}
