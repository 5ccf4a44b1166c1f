import type { House } from "../query/house.ts";
import type { Scope } from "../scope.ts";
import type { Wish } from "../store/indexes.ts";
import type { Table } from "../store/table.ts";
import type { SqlType, Stored } from "../types.ts";
import type { Json } from "./ast.ts";

/** Where an expression stands: some functions are only for some places. */
type Place = "select" | "where" | "on" | "group by" | "having" | "order by" | "aggregate";

/** What the translation of an expression needs to know. */
export type Context = {
  house: House;
  run: Scope;
  names: NameScope;
  place: Place;
  /** Set while translating what stands above GROUP BY: only these values and aggregates may be used. */
  grouped?: readonly Grouped[];
  /** WITH queries in reach, by lower-cased name; each use translates anew. */
  ctes: Ctes;
  /** Shared by the whole query. */
  state: {
    aliases: number;
    isVolatile: boolean;
    tables: Set<string>;
    /** The stored tables by their aliases in SQLite's text. */
    stored: Map<string, Table>;
    /** By alias of a derived table: takes a value over its columns, gives the name of a column that holds it ready. */
    computed: Map<string, (sql: string) => string>;
    /** What would be looked up faster by an index. */
    wishes: Wish[];
  };
};

/** WITH queries by lower-cased name; `itself` inside the query of that name. */
type Ctes = ReadonlyMap<string, CteSource | "itself">;
export type CteSource = { query: Json; columns: string[]; ctes: Ctes };

/**
 * A translated value: SQLite's text for it and its T-SQL type.
 *
 * `key` gives the text of its comparison key where that lies ready in a column; `constant` is a value known beforehand,
 * `isLiteral` says that it stands in the text as it is.
 */
export type Expr = { sql: string; type: SqlType; key?: () => string; constant?: Stored; isLiteral?: true };

/** An expression of GROUP BY; `isRolledUp` when the grouping set at hand leaves it out, so that it shows as NULL. */
export type Grouped = Expr & { isRolledUp?: true };

/** A column in reach of a query's expressions. */
export type Reachable = { name: string; type: SqlType; sql: string; key?: () => string; isHidden?: boolean };

/**
 * A table, view or derived table in FROM; `names` are the qualifiers it answers to, lower-cased. `refusesStar` says why
 * the order of its columns is not known.
 */
export type Source = {
  names: readonly string[];
  display: string;
  columns: readonly Reachable[];
  print: () => string;
  refusesStar?: string;
};

/** The sources of one SELECT and the scope around it; `grouped` are the texts that may be used of it above its GROUP BY. */
export type NameScope = { sources: readonly Source[]; outer?: NameScope; grouped?: readonly Grouped[] };
