import type { Json } from "./ast.ts";
import type { Context } from "./context.ts";
import type { Expr } from "./expr.ts";
import type { Relation } from "./relation.ts";

/**
 * The three translators that call each other. Expressions hold queries and queries hold expressions; they travel in
 * the context, so that no file has to import what imports it.
 */
export type Translators = {
  value: (context: Context, json: Json) => Expr;
  condition: (context: Context, json: Json) => string;
  query: (context: Context, json: Json) => Relation;
};

/** Translates an expression that gives a value. Throws SqlError or Unsupported. */
export function translate(context: Context, json: Json): Expr {
  return context.translators.value(context, json);
}

/** Translates a condition into SQLite's text. Throws SqlError or Unsupported. */
export function predicate(context: Context, json: Json): string {
  return context.translators.condition(context, json);
}

/** Translates a whole query. Throws SqlError or Unsupported. */
export function translateQuery(context: Context, json: Json): Relation {
  return context.translators.query(context, json);
}
