import type { Runtime } from "../query/runtime.ts";
import type { Scope } from "../scope.ts";
import type { IndexRequest } from "../store/indexes.ts";
import type { Table } from "../store/table.ts";
import type { SqlType, Stored } from "../types.ts";
import type { Json } from "./ast.ts";

/** The clause of an expression: some functions are allowed only in some. */
type Place = "select" | "where" | "on" | "group by" | "having" | "order by" | "aggregate";

/** What the translation of an expression depends on. */
export type Context = {
  runtime: Runtime;
  run: Scope;
  names: NameScope;
  place: Place;
  /** Set above GROUP BY, where only these values and aggregates may be used. */
  grouped?: readonly Grouped[];
  /** WITH queries in scope, by lower-cased name; each use is translated again. */
  ctes: Ctes;
  /** Shared by the whole query. */
  state: {
    aliases: number;
    isVolatile: boolean;
    tables: Set<string>;
    /** The stored tables by their aliases in SQLite's text. */
    stored: Map<string, Table>;
    /** By alias of a derived table: takes a value over its columns, returns the name of a column with it. */
    computed: Map<string, (sql: string) => string>;
    /** Indexes that would make the query fast. */
    indexRequests: IndexRequest[];
  };
};

/** WITH queries by lower-cased name; `itself` inside the query of that name. */
type Ctes = ReadonlyMap<string, CteSource | "itself">;
export type CteSource = { query: Json; columns: string[]; ctes: Ctes };

/**
 * A translated value: SQLite's text for it and its T-SQL type.
 *
 * `key` returns the text of its comparison key where a column has it. `constant` is its value where that is known,
 * `isLiteral` that it is written in the query as it is.
 */
export type Expr = { sql: string; type: SqlType; key?: () => string; constant?: Stored; isLiteral?: true };

/** An expression of GROUP BY; `isRolledUp` when the current grouping set leaves it out, so that it shows as NULL. */
export type Grouped = Expr & { isRolledUp?: true };

/** A column that a query's expressions can name. */
export type Reachable = { name: string; type: SqlType; sql: string; key?: () => string; isHidden?: boolean };

/**
 * A table, view or derived table in FROM; `names` are its qualifiers, lower-cased. `refusesStar` is the reason
 * why the order of its columns is not known.
 */
export type Source = {
  names: readonly string[];
  display: string;
  columns: readonly Reachable[];
  print: () => string;
  refusesStar?: string;
};

/** The sources of one SELECT and the scope around it; `grouped` is what may be used of it above its GROUP BY. */
export type NameScope = { sources: readonly Source[]; outer?: NameScope; grouped?: readonly Grouped[] };
