import { closeClauses } from "./clause.ts";
import { nameHere, nameList } from "./names.ts";
import { accept, expect, missing, peek, report, setWords, since, word, type Parser } from "./parser.ts";
import { close, isTooDeep, leftover, tooDeep } from "./recover.ts";
import { readClauses, select } from "./select.ts";
import { readTail } from "./tail.ts";
import type { Body, CommonTable, Query, Row, SetOperations, Values } from "./tree.ts";

/** A query in a query costs the stack as much as so many nested expressions. */
const levels = 4;

function values(p: Parser): Values {
  const { start } = peek(p);
  const rows: Row[] = [];
  p.at += 1;
  do {
    const from = peek(p).start;
    if (!expect(p, "(")) break;
    const cells = [];
    do cells.push(p.expression(p));
    while (accept(p, ","));
    close(p);
    rows.push({ kind: "row", cells, ...since(p, from) });
  } while (accept(p, ","));
  return { kind: "values", rows, ...since(p, start) };
}

function branch(p: Parser): Body {
  const { upper, start } = peek(p);
  if (upper === "SELECT") return select(p);
  if (upper === "VALUES") return values(p);
  if (upper !== "(") return missing(p, "SELECT");
  p.at += 1;
  const inner = query(p);
  close(p);
  return Object.assign(inner, since(p, start));
}

/** Reads set operators and their branches into a list: INTERSECT alone, or the others. */
function readBranches(p: Parser, node: SetOperations, isTight: boolean): void {
  for (;;) {
    const { upper, start } = peek(p);
    if (!setWords.has(upper) || (upper === "INTERSECT") !== isTight) break;
    p.at += 1;
    const isAll = accept(p, "ALL");
    // A word of `setWords`.
    const name = (upper === "UNION" && isAll ? "UNION ALL" : upper) as SetOperations["operators"][number]["name"];
    node.operators.push({ name, ...since(p, start) });
    node.branches.push(isTight ? branch(p) : branches(p, true));
  }
  Object.assign(node, since(p, node.start));
}

function setOf(first: Body): SetOperations {
  return { kind: "set", branches: [first], operators: [], start: first.start, end: first.end };
}

/** Branches joined by operators of one precedence: INTERSECT binds more tightly than UNION and EXCEPT. */
function branches(p: Parser, isTight: boolean, first?: Body): Body {
  const tight = first ?? branch(p);
  const node = setOf(isTight ? tight : branches(p, true, tight));
  readBranches(p, node, isTight);
  const [only] = node.branches;
  return only === undefined || node.operators.length > 0 ? node : only;
}

/** Reads set operators that stand behind an ORDER BY or something else: all in one list, whatever they are. */
function moreBranches(p: Parser, body: Body): SetOperations {
  const node = body.kind === "set" ? body : setOf(body);
  readBranches(p, node, word(p) === "INTERSECT");
  return node;
}

function commonTable(p: Parser): CommonTable {
  const { start } = peek(p);
  const name = nameHere(p, "the name of a common table expression");
  let columns: CommonTable["columns"] = [];
  if (word(p) === "(") {
    columns = nameList(p);
    close(p);
  }
  expect(p, "AS");
  const hasParenthesis = expect(p, "(");
  const inner = query(p);
  if (hasParenthesis) close(p);
  return { kind: "common-table", name, columns, query: inner, ...since(p, start) };
}

function commonTables(p: Parser): CommonTable[] {
  const tables: CommonTable[] = [];
  p.at += 1;
  do {
    if (word(p) === "XMLNAMESPACES" && word(p, 1) === "(") {
      p.at += 2;
      leftoverNames(p);
    } else tables.push(commonTable(p));
  } while (accept(p, ","));
  return tables;
}

/** Steps over `'uri' AS x, …)`. */
function leftoverNames(p: Parser): void {
  while (word(p) !== ")" && peek(p).kind !== "end") p.at += 1;
  accept(p, ")");
}

/** Reads what stands behind the bodies of a query: ORDER BY, FOR, OPTION, and what is out of place there. */
function readOn(p: Parser, node: Query): void {
  for (;;) {
    readTail(p, node);
    const upper = word(p);
    if (setWords.has(upper)) {
      report(p, "UNEXPECTED", upper);
      node.body = moreBranches(p, node.body);
    } else if (node.body.kind === "select" && ["FROM", "WHERE", "GROUP", "HAVING", "INTO"].includes(upper)) {
      if (node.clauses.length > 0) report(p, "UNEXPECTED", upper);
      readClauses(p, node.body);
    } else if (upper === ",") {
      report(p, "UNEXPECTED", upper);
      p.at += 1;
    } else if (upper === "SELECT" || upper === ")" || upper === ";" || leftover(p) === undefined) break;
  }
  closeClauses(p, node.clauses);
  node.until = peek(p).start;
  if (node.body.kind === "select" && node.clauses.length === 0) node.body.until = node.until;
  Object.assign(node, since(p, node.start));
}

/** Reads a query: its common tables, its SELECTs, and what orders them. */
export function query(p: Parser): Query {
  const { start } = peek(p);
  const node: Query = {
    kind: "query",
    commonTables: [],
    body: { kind: "missing", start, end: start },
    clauses: [],
    start,
    end: start,
    until: start,
  };
  if (isTooDeep(p, levels)) node.body = tooDeep(p, true);
  else {
    const before = p.height;
    p.depth += levels;
    p.height = 0;
    if (word(p) === "WITH") node.commonTables = commonTables(p);
    node.body = branches(p, false);
    readOn(p, node);
    p.depth -= levels;
    p.height = Math.max(before, p.height + levels);
  }
  node.until = peek(p).start;
  return Object.assign(node, since(p, start));
}

/** Reads on behind a query in parentheses that a set operator follows. */
export function continued(p: Parser, first: Query): Query {
  const { start } = first;
  const body = branches(p, false, first);
  const node: Query = { kind: "query", commonTables: [], body, clauses: [], start, end: start, until: start };
  readOn(p, node);
  return node;
}

/** Reads on where a query seemed to have ended: behind a parenthesis that closes nothing. */
export function resume(p: Parser, node: Query): void {
  readOn(p, node);
}
