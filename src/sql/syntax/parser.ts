import type { Token } from "./scan.ts";
import type { Expression } from "./expression-tree.ts";
import type { Missing, Query, Source, Span } from "./tree.ts";

/** What does not fit: its place, and what was expected there, or what is wrong with it. */
export type Problem = Span & {
  code: "EXPECTED" | "UNEXPECTED" | "RESERVED" | "TOO_DEEP" | "UNCLOSED";
  message: string;
};

/**
 * One reading of one text: a place among its tokens that only moves on, and what was found wrong.
 *
 * `query`, `expression` and the others below them are the ways down, kept here so that the files that need them need not
 * import one another.
 */
export type Parser = {
  readonly sql: string;
  readonly tokens: readonly Token[];
  readonly end: Token;
  at: number;
  /** How many levels are open around the place. */
  depth: number;
  /** How many levels what was read last has below it: the higher of what was read side by side. */
  height: number;
  problems: Problem[];
  /** Whether `(a, b)` may stand here: in GROUP BY. */
  takesRows: boolean;
  /** Whether the parenthesis that opens at a token is closed. */
  readonly isClosed: (index: number) => boolean;
  readonly query: (p: Parser) => Query;
  readonly expression: (p: Parser) => Expression;
  /** Reads on behind a query in parentheses that a set operator follows. */
  readonly continued: (p: Parser, first: Query) => Query;
  /** A table and what is joined to it. */
  readonly joined: (p: Parser) => Source;
  /** A value without what may follow it. */
  readonly value: (p: Parser) => Expression;
};

/** Words that join one query to the next. */
export const setWords: ReadonlySet<string> = new Set(["UNION", "EXCEPT", "INTERSECT"]);

/** Expressions, and queries at four times the price, may be nested as deep as this: less than half of a stack of 1 MB. */
export const maxDepth = 250;

/** No tree is higher than this, whatever is written around what stands to the left: those who walk it go down as far. */
export const maxHeight = 500;

/** More problems than this help nobody. */
const maxProblems = 100;

/** The token so many places ahead; one of kind "end" behind the last. */
export function peek(p: Parser, ahead = 0): Token {
  return p.tokens[p.at + ahead] ?? p.end;
}

/** The upper-cased word or operator so many places ahead; "" for anything else. */
export function word(p: Parser, ahead = 0): string {
  return (p.tokens[p.at + ahead] ?? p.end).upper;
}

/** Steps over the next token when it is this word or operator. */
export function accept(p: Parser, upper: string): boolean {
  if (word(p) !== upper) return false;
  p.at += 1;
  return true;
}

/** The offset behind the last token that was read. */
export function readEnd(p: Parser): number {
  return p.tokens[p.at - 1]?.end ?? 0;
}

/** The span from an offset to the last token that was read. */
export function since(p: Parser, start: number): Span {
  return { start, end: Math.max(start, readEnd(p)) };
}

/** Notes a problem; of several at one place only the first says something new. */
export function report(p: Parser, code: Problem["code"], message: string, { start, end }: Span = peek(p)): void {
  const last = p.problems.at(-1);
  if ((last?.start === start && last.end === end) || p.problems.length >= maxProblems) return;
  p.problems.push({ start, end, code, message });
}

/** Steps over a word or operator that has to stand here, or notes that it does not. */
export function expect(p: Parser, upper: string): boolean {
  if (accept(p, upper)) return true;
  report(p, "EXPECTED", upper);
  return false;
}

/** Whether a WINDOW clause begins here: the word alone may be a name. */
export function isWindowClause(p: Parser): boolean {
  return word(p) === "WINDOW" && word(p, 2) === "AS" && word(p, 3) === "(";
}

/** A node for what has to stand here and does not. */
export function missing(p: Parser, what: string): Missing {
  report(p, "EXPECTED", what);
  const at = readEnd(p);
  return { kind: "missing", start: at, end: at };
}
