import type { Query } from "./query.ts";
import { exposedTables } from "./rewrite/exposed.ts";
import { legalText } from "./rewrite/structure.ts";
import type { Written } from "./rewrite/written.ts";
import { scan } from "./syntax/scan.ts";
import type { Span } from "./syntax/tree.ts";

/**
 * The text MCE is asked about, and the lines of the user's own; `of`: where its places come from, where it is another text.
 *
 * `alone`: pieces of the user's text that MCE sees inside of others, whose columns their names may find there (D47).
 */
export type AskedText = Pick<Query, "sql" | "tokens" | "comments" | "unclosed" | "lines"> & {
  of?: { placeOf: (place: Span) => Span; alone: readonly Span[] };
};

/** The user's own text, or the one that says the same where MCE would not take it as it is written. */
export function askedText(query: Query): AskedText {
  const legal = legalText(query);
  if (legal === undefined) return query;
  return textAsked(
    legal,
    query.lines,
    exposedTables(query.tree).map((table) => table.query),
  );
}

/** A text made of the user's, as MCE is asked about it. */
export function textAsked({ sql, placeOf }: Written, lines: Query["lines"], alone: readonly Span[] = []): AskedText {
  return { sql, ...scan(sql), lines, of: { placeOf, alone } };
}
