import { expression } from "./expression.ts";
import { joined } from "./from.ts";
import { readable } from "./foreign-tokens.ts";
import { peek, report, word, type Parser, type Problem } from "./parser.ts";
import { primary } from "./primary.ts";
import { continued, query, resume } from "./query.ts";
import { scan, type Scan, type Token } from "./scan.ts";
import type { Query } from "./tree.ts";

/** A text, read once: its tokens, its tree, and what was found wrong in it. */
export type QueryReading = Scan & {
  sql: string;
  /** Its first query; with a body that is missing where the text has none. */
  tree: Query;
  /** Queries behind the first: more than one statement. */
  more: Query[];
  /** In the order of the text; none for a text that is understood. */
  problems: Problem[];
};

/** Which parentheses are closed, by the index of their token. */
function closedParentheses(tokens: readonly Token[]): Uint8Array {
  const closed = new Uint8Array(tokens.length);
  const open: number[] = [];
  for (const [index, { upper }] of tokens.entries()) {
    if (upper === "(") open.push(index);
    const opener = upper === ")" ? open.pop() : undefined;
    if (opener !== undefined) closed[opener] = 1;
  }
  return closed;
}

function openParser(sql: string, { tokens: written, unclosed }: Scan): Parser {
  const tokens = readable(written);
  const closed = closedParentheses(tokens);
  const head = headOf(tokens, closed);
  const p: Parser = {
    sql,
    tokens: head.tokens,
    end: { kind: "end", start: sql.length, end: sql.length, upper: "" },
    at: head.at,
    depth: 0,
    height: 0,
    takesRows: false,
    problems: [
      ...unclosed.map(({ kind, start }): Problem => ({ code: "UNCLOSED", message: kind, start, end: start + 1 })),
      ...leftOut(written, tokens),
    ],
    isClosed: (index) => closed[index] === 1,
    query,
    expression,
    continued,
    joined,
    value: primary,
  };
  const first = tokens[beginning(tokens)];
  if (first !== undefined && !isHead(first.upper)) report(p, "EXPECTED", "SELECT", first);
  return p;
}

/** The clauses that are not read because T-SQL has others for them. */
function leftOut(written: readonly Token[], tokens: readonly Token[]): Problem[] {
  const read = new Set(tokens);
  return written.flatMap((token): Problem[] => {
    const { upper, start, end } = token;
    const isOut = (upper === "LIMIT" || upper === "FETCH") && !read.has(token);
    return isOut ? [{ code: "UNEXPECTED", message: "LIMIT", start, end }] : [];
  });
}

/** The index of the first token that says something: semicolons before it do not. */
function beginning(tokens: readonly Token[]): number {
  return Math.max(
    0,
    tokens.findIndex(({ upper }) => upper !== ";"),
  );
}

function isHead(upper: string): boolean {
  return upper === "SELECT" || upper === "WITH" || upper === "(";
}

/** The index of a word's first token outside of parentheses; -1 when there is none. */
function indexOutside(tokens: readonly Token[], closed: Uint8Array, word: string): number {
  let depth = 0;
  return tokens.findIndex(({ upper }, index) => {
    if (upper === "(" && closed[index] === 1) depth += 1;
    else if (upper === ")") depth = Math.max(0, depth - 1);
    return upper === word && depth === 0;
  });
}

/**
 * Where the query of a text begins that begins with something else: at its first SELECT, behind a DECLARE or an INSERT, or
 * at its first word, when that is a SELECT misspelt. The tokens are those to read.
 */
function headOf(tokens: readonly Token[], closed: Uint8Array): { tokens: readonly Token[]; at: number } {
  const begin = beginning(tokens);
  const first = tokens[begin];
  if (first === undefined || isHead(first.upper)) return { tokens, at: begin };
  const select = indexOutside(tokens, closed, "SELECT");
  if (select >= 0) return { tokens, at: select };
  const isMisspelt = first.kind === "word" && indexOutside(tokens, closed, "FROM") > 0;
  return { tokens: isMisspelt ? [{ ...first, upper: "SELECT" }, ...tokens.slice(1)] : tokens, at: 0 };
}

/** Reads what stands behind the first query: it should be nothing. */
function readRest(p: Parser, tree: Query): Query[] {
  const more: Query[] = [];
  let last = tree;
  while (peek(p).kind !== "end") {
    const before = p.at;
    if (isHead(word(p))) {
      report(p, "UNEXPECTED", word(p));
      last = query(p);
      more.push(last);
    } else if (word(p) === ";") p.at += 1;
    else {
      report(p, "UNEXPECTED", word(p));
      if (word(p) === ")") p.at += 1;
      resume(p, last);
    }
    if (p.at === before) p.at += 1;
  }
  return more;
}

/**
 * Reads a text of T-SQL: one scan, one parse, in linear time.
 *
 * Never throws. A broken text has problems, and still the tables and scopes that can be seen in it; what is not understood
 * is an opaque node where it stands.
 *
 * @param scanned the text's own tokens, where they are known
 */
export function readQuery(sql: string, scanned: Scan = scan(sql)): QueryReading {
  const p = openParser(sql, scanned);
  const tree = query(p);
  const more = readRest(p, tree);
  p.problems.sort((one, other) => one.start - other.start);
  return { sql, ...scanned, tree, more, problems: p.problems };
}
