import type { Diagnostic, Finding } from "./diagnostic.ts";
import { guardTokens } from "./guard.ts";
import { oneQuery, type OneQuery } from "./read/one-query.ts";
import { blankFindings } from "./text/blanks.ts";
import { mainItems } from "./text/by-tokens.ts";
import { linesOf, type Lines } from "./text/positions.ts";
import { scan, type Token } from "./text/scan.ts";
import { withoutUnreadable } from "./text/unreadable.ts";

/** A result has at most so many columns: the fields of the Data Extension it goes into. */
export const maxColumns = 1000;

/** So many words and signs are parsed in 60 ms (2026-11). Real queries have 2,200 at most, long lists of values aside. */
const maxTokens = 8000;

/** A text, read once; whoever wants to know something about it takes this. */
export type Query = {
  sql: string;
  tokens: readonly Token[];
  lines: Lines;
  /** Its syntax tree, or why there is none: then its tokens have to do. */
  tree: OneQuery;
};

/** Reads a text: its tokens, and its syntax tree where the parser can be asked. */
export function readQuery(sql: string, tokens: readonly Token[] = scan(sql).tokens): Query {
  const readable = withoutUnreadable(sql, tokens);
  // The parser counts the characters of what it is given.
  const lines = linesOf(readable);
  return { sql, tokens, lines, tree: treeOf(readable, readable === sql ? tokens : scan(readable).tokens) };
}

function treeOf(readable: string, tokens: readonly Token[]): OneQuery {
  // Such a text is refused whatever its tree says.
  if (mainItems(tokens).length > maxColumns)
    return { kind: "unknown", why: `the query has more than ${maxColumns} columns` };
  return tokens.length > maxTokens
    ? { kind: "unknown", why: `the query is too long to read here: more than ${maxTokens} words and signs` }
    : oneQuery(readable, tokens);
}

/**
 * The one SELECT of a text, read, and what the guard has to say about it; or where and why the text is refused.
 *
 * `changed` is what was written otherwise on the way, by places, which are the same in both texts.
 */
export type GuardedQuery =
  | { ok: true; query: Query; notes: string[]; changed: readonly Finding[] }
  | { ok: false; diagnostics: Diagnostic[] };

/** Reads the text of a user that may run: the guard first. */
export function readGuarded(text: string): GuardedQuery {
  const scanned = scan(text);
  const blanks = blankFindings(text, scanned);
  const guarded = guardTokens(text, scanned, blanks);
  if (!guarded.ok) return guarded;
  // What the guard cuts off is the end.
  const tokens = scanned.tokens.filter(({ end }) => end <= guarded.sql.length);
  const changed = blanks.filter(({ end }) => end <= guarded.sql.length);
  return { ok: true, query: readQuery(guarded.sql, tokens), notes: guarded.notes, changed };
}
