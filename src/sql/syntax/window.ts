import { isName, nameHere, takeName } from "./names.ts";
import { accept, expect, missing, peek, since, word, type Parser } from "./parser.ts";
import { close, skip } from "./recover.ts";
import type { Expression, OrderTerm, Window } from "./expression-tree.ts";
import type { NamedWindow } from "./tree.ts";

function orderTerm(p: Parser): OrderTerm {
  const expression = p.expression(p);
  const node: OrderTerm = { kind: "order-term", expression, start: expression.start, end: 0 };
  const upper = word(p);
  if (upper === "ASC" || upper === "DESC") {
    node.direction = upper;
    p.at += 1;
  }
  return Object.assign(node, since(p, expression.start));
}

/** Reads the terms of an ORDER BY. */
export function orderTerms(p: Parser): OrderTerm[] {
  const terms: OrderTerm[] = [];
  do terms.push(orderTerm(p));
  while (accept(p, ","));
  return terms;
}

/** Reads `BY` and the terms behind it. */
export function orderBy(p: Parser): OrderTerm[] {
  expect(p, "BY");
  return orderTerms(p);
}

function partition(p: Parser): Expression[] {
  expect(p, "BY");
  const terms: Expression[] = [];
  do terms.push(p.expression(p));
  while (accept(p, ","));
  return terms;
}

const frameWords: ReadonlySet<string> = new Set(["ROWS", "RANGE", "GROUPS"]);

/** Reads a window in its parentheses. */
function windowParts(p: Parser): Window {
  const { start } = peek(p);
  p.at += 1;
  const node: Window = { kind: "window", partition: [], order: [], start, end: 0 };
  const isNamed = isName(peek(p)) && word(p) !== "PARTITION" && !frameWords.has(word(p));
  if (isNamed) node.name = takeName(p);
  if (accept(p, "PARTITION")) node.partition = partition(p);
  if (accept(p, "ORDER")) node.order = orderBy(p);
  if (frameWords.has(word(p))) {
    const from = peek(p).start;
    skip(p);
    node.frame = since(p, from);
  }
  close(p);
  return Object.assign(node, since(p, start));
}

/** Reads OVER and its window. */
export function windowHere(p: Parser): Window {
  p.at += 1;
  if (word(p) === "(") return windowParts(p);
  if (!isName(peek(p))) return { ...missing(p, "("), kind: "window", partition: [], order: [] };
  const name = takeName(p);
  return { kind: "window", name, partition: [], order: [], start: name.start, end: name.end };
}

/** Reads the windows of a WINDOW clause. */
export function namedWindows(p: Parser): NamedWindow[] {
  const windows: NamedWindow[] = [];
  do {
    const name = nameHere(p, "a window's name");
    expect(p, "AS");
    if (word(p) !== "(") break;
    windows.push({ kind: "named-window", name, window: windowParts(p), ...since(p, name.start) });
  } while (accept(p, ","));
  return windows;
}
