import type { Scope } from "../engine.ts";
import type { Wish } from "../store/indexes.ts";
import type { Table } from "../store/table.ts";
import type { House } from "../query/house.ts";
import type { Json } from "./ast.ts";
import type { Grouped } from "./grouped.ts";
import type { NameScope } from "./names.ts";
import type { Translators } from "./recurse.ts";

/** Where an expression stands: some functions are only for some places. */
type Place = "select" | "where" | "on" | "group by" | "having" | "order by" | "aggregate";

/** What the translation of an expression needs to know. */
export type Context = {
  house: House;
  translators: Translators;
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

/** A new alias inside SQLite's text. */
export function freshAlias(context: Context, letter: string): string {
  context.state.aliases += 1;
  return `${letter}${context.state.aliases}`;
}
