import type { Scope } from "../engine.ts";
import type { House } from "../query/house.ts";
import type { Json } from "./ast.ts";
import type { Expr } from "./expr.ts";
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
  grouped?: readonly Expr[];
  /** WITH queries in reach, by lower-cased name; each use translates anew. */
  ctes: ReadonlyMap<string, CteSource>;
  /** Shared by the whole query. */
  state: { aliases: number; isVolatile: boolean; tables: Set<string> };
};

export type CteSource = { query: Json; columns: string[]; ctes: ReadonlyMap<string, CteSource> };

/** A new alias inside SQLite's text. */
export function freshAlias(context: Context, letter: string): string {
  context.state.aliases += 1;
  return `${letter}${context.state.aliases}`;
}
