import { accept, expect, missing, peek, setWords, since, word, type Parser } from "./parser.ts";
import { close } from "./recover.ts";
import type { Between, Comparison, Expression, In, IsDistinct, IsNull, Like } from "./expression-tree.ts";
import type { Query, Span } from "./tree.ts";

type Read = (p: Parser) => Expression;

function between(p: Parser, operand: Expression, isNot: boolean, sum: Read): Between {
  const low = sum(p);
  const hasAnd = expect(p, "AND");
  const high = hasAnd ? sum(p) : missing(p, "AND");
  return { kind: "between", operand, low, high, isNot, ...since(p, operand.start) };
}

function like(p: Parser, operand: Expression, isNot: boolean, sum: Read): Like {
  const pattern = sum(p);
  const node: Like = { kind: "like", operand, pattern, isNot, start: operand.start, end: 0 };
  if (accept(p, "ESCAPE")) node.escape = sum(p);
  return Object.assign(node, since(p, operand.start));
}

/** Whether a query begins here, behind an opening parenthesis. */
export function isQueryHere(p: Parser): boolean {
  return word(p) === "SELECT" || word(p) === "WITH";
}

function inParentheses(body: Query, { start, end }: Span): Query {
  return { kind: "query", commonTables: [], body, clauses: [], start, end, until: body.until };
}

/** The query an expression is, in parentheses of its own; nothing for other expressions. */
function queryIn(node: Expression): Query | undefined {
  if (node.kind === "subquery") return inParentheses(node.query, node);
  const inner = node.kind === "parens" ? queryIn(node.inner) : undefined;
  return inner && inParentheses(inner, node);
}

/** `IN (1, 2)`; `IN ((query))` and `IN ((query) UNION query)` are queries after all. */
function readList(p: Parser, node: In): void {
  do node.list.push(p.expression(p));
  while (accept(p, ","));
  const [only] = node.list;
  if (only === undefined || node.list.length > 1) return;
  const isContinued = only.kind === "subquery" && setWords.has(word(p));
  const query = isContinued ? p.continued(p, only.query) : queryIn(only);
  if (query === undefined) return;
  node.list = [];
  node.query = query;
}

function isIn(p: Parser, operand: Expression, isNot: boolean): In {
  const node: In = { kind: "in", operand, list: [], isNot, start: operand.start, end: 0 };
  if (!accept(p, "(")) node.list.push(missing(p, "("));
  else {
    if (isQueryHere(p)) node.query = p.query(p);
    else readList(p, node);
    close(p);
  }
  return Object.assign(node, since(p, operand.start));
}

function is(p: Parser, operand: Expression, sum: Read): IsNull | IsDistinct {
  const isNot = accept(p, "NOT");
  const { start } = operand;
  if (accept(p, "DISTINCT")) {
    expect(p, "FROM");
    const right = sum(p);
    return { kind: "is-distinct", left: operand, right, isNot, ...since(p, start) };
  }
  expect(p, "NULL");
  return { kind: "is-null", operand, isNot, ...since(p, start) };
}

const second: ReadonlySet<string> = new Set(["=", ">", "<"]);

/** The comparison operator here: its two signs may stand apart. */
function comparisonOperator(p: Parser): string {
  const first = word(p);
  p.at += 1;
  const next = word(p);
  if (!(first === "<" || first === ">" || first === "!") || !second.has(next)) return first;
  p.at += 1;
  return first + next;
}

function comparison(p: Parser, left: Expression, sum: Read): Comparison {
  const operator = comparisonOperator(p);
  const quantifier = word(p);
  const isQuantified = quantifier === "ALL" || quantifier === "ANY" || quantifier === "SOME";
  if (isQuantified) p.at += 1;
  const right = sum(p);
  const node: Comparison = { kind: "comparison", operator, left, right, ...since(p, left.start) };
  if (isQuantified) node.quantifier = quantifier;
  return node;
}

/** Reads the predicate whose operator comes next. */
export function predicate(p: Parser, operand: Expression, sum: Read): Expression {
  const isNot = accept(p, "NOT");
  switch (peek(p).upper) {
    case "BETWEEN":
      p.at += 1;
      return between(p, operand, isNot, sum);
    case "LIKE":
      p.at += 1;
      return like(p, operand, isNot, sum);
    case "IN":
      p.at += 1;
      return isIn(p, operand, isNot);
    case "IS":
      p.at += 1;
      return is(p, operand, sum);
    default:
      return comparison(p, operand, sum);
  }
}
