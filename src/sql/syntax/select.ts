import { closeClauses, openClause } from "./clause.ts";
import { joined } from "./from.ts";
import { groupBy } from "./group-by.ts";
import { itemAlias, dotted, maybeName, nameHere, takeName } from "./names.ts";
import { accept, missing, peek, readEnd, report, since, word, type Parser } from "./parser.ts";
import { leftover } from "./recover.ts";
import { isClauseWord } from "./reserved.ts";
import type { Expression } from "./expression-tree.ts";
import type { Item, Select, Top } from "./tree.ts";
import { namedWindows } from "./window.ts";

function top(p: Parser): Top {
  const { start, kind } = peek(p);
  p.at += 1;
  const count = peek(p);
  const isCount = count.upper === "(" || count.kind === "number" || count.kind === "variable";
  const node: Top = {
    kind: "top",
    count: isCount ? p.value(p) : missing(p, "a number of rows"),
    isPercent: accept(p, "PERCENT"),
    withTies: word(p) === "WITH" && word(p, 1) === "TIES",
    start,
    end: 0,
  };
  if (node.withTies) p.at += 2;
  return kind === "end" ? node : Object.assign(node, since(p, start));
}

/** The item of what is not understood: its alias is still seen where AS stands before it. */
function opaqueItem(p: Parser, item: Item, inside: Extract<Expression, { kind: "opaque" }>["inside"]): Item {
  const last = p.at - 1;
  const hasAlias = p.tokens[last - 1]?.upper === "AS" && maybeName(p.tokens[last] ?? p.end);
  const { expression, start } = item;
  const node: Item = { kind: "item", expression, ...since(p, start) };
  if (hasAlias) {
    p.at = last;
    node.alias = { name: takeName(p), form: "as" };
  }
  const end = hasAlias ? (p.tokens[last - 2]?.end ?? start) : readEnd(p);
  node.expression = { kind: "opaque", inside: [expression, ...inside], start: expression.start, end };
  return node;
}

/** Whether an item begins with its alias: `a = x`, `'a' = x`. */
function isAliasFirst(p: Parser): boolean {
  const token = peek(p);
  return word(p, 1) === "=" && (token.kind === "string" || maybeName(token));
}

function item(p: Parser): Item {
  const { start } = peek(p);
  const node: Item = { kind: "item", expression: { kind: "missing", start, end: start }, start, end: start };
  if (isAliasFirst(p)) {
    node.alias = { name: takeName(p), form: "equals" };
    p.at += 1;
    node.expression = p.expression(p);
  } else {
    node.expression = p.expression(p);
    const alias = itemAlias(p);
    if (alias !== undefined) node.alias = alias;
  }
  node.start = Math.min(start, node.expression.start);
  const inside = leftover(p);
  return inside === undefined ? Object.assign(node, since(p, node.start)) : opaqueItem(p, node, inside);
}

function readHead(p: Parser, node: Select): void {
  for (;;) {
    const upper = word(p);
    if (upper === "DISTINCT" || upper === "ALL") {
      node.quantifier = upper;
      p.at += 1;
    } else if (upper === "TOP") node.top = top(p);
    else return;
  }
}

/** The order clauses stand in. */
const order = ["SELECT", "INTO", "FROM", "WHERE", "GROUP BY", "HAVING", "WINDOW"] as const;
type ClauseName = (typeof order)[number];

const clauseOf: ReadonlyMap<string, ClauseName> = new Map(order.map((name) => [name.split(" ")[0] ?? name, name]));

/** What FROM, WHERE or HAVING hold when one stands there already. */
function condition(p: Parser, node: Select, key: "where" | "having"): void {
  let read = p.expression(p);
  const inside = leftover(p);
  if (inside !== undefined) read = { kind: "opaque", inside: [read, ...inside], ...since(p, read.start) };
  if (node[key] === undefined) node[key] = read;
  else node.extra.push(read);
}

function readClause(p: Parser, node: Select, name: ClauseName): void {
  switch (name) {
    case "INTO":
      node.into = dotted(p, peek(p).kind === "temp" ? takeName(p) : nameHere(p, "a table"));
      break;
    case "FROM":
      do node.from.push(joined(p));
      while (accept(p, ","));
      break;
    case "WHERE":
      condition(p, node, "where");
      break;
    case "GROUP BY":
      node.groupBy = groupBy(p);
      break;
    case "HAVING":
      condition(p, node, "having");
      break;
    case "WINDOW":
      node.windows.push(...namedWindows(p));
      break;
    case "SELECT":
  }
  leftover(p);
}

/** Reads the clauses of a SELECT that follow, in whatever order they stand; those out of order are noted. */
export function readClauses(p: Parser, node: Select): void {
  for (;;) {
    const name = clauseOf.get(word(p));
    if (name === undefined || name === "SELECT") break;
    const last = node.clauses.at(-1)?.name ?? "SELECT";
    if (order.findIndex((one) => one === last) >= order.indexOf(name)) report(p, "UNEXPECTED", name);
    openClause(p, node.clauses, name);
    readClause(p, node, name);
  }
  closeClauses(p, node.clauses);
  Object.assign(node, since(p, node.start));
  node.until = peek(p).start;
}

/** Reads a SELECT up to what its query has behind it: a set operator, ORDER BY, FOR, OPTION. */
export function select(p: Parser): Select {
  const { start } = peek(p);
  const node: Select = {
    kind: "select",
    items: [],
    from: [],
    windows: [],
    extra: [],
    clauses: [],
    start,
    end: start,
    until: start,
  };
  openClause(p, node.clauses, "SELECT");
  readHead(p, node);
  do node.items.push(item(p));
  while (accept(p, ",") && !(isClauseWord(word(p)) && isTrailing(p)));
  readClauses(p, node);
  return node;
}

/** Notes a comma behind the last item; what is missing there is not an item. */
function isTrailing(p: Parser): boolean {
  report(p, "EXPECTED", "a column or value");
  return true;
}
