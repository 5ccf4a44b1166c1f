import { closeClauses, openClause } from "./clause.ts";
import { accept, peek, report, since, word, type Parser } from "./parser.ts";
import { close, leftover, skip } from "./recover.ts";
import type { For, OrderBy, Query } from "./tree.ts";
import { orderTerms } from "./window.ts";

const rowWords: ReadonlySet<string> = new Set(["ROW", "ROWS"]);

function acceptRows(p: Parser): void {
  if (rowWords.has(word(p))) p.at += 1;
  else report(p, "EXPECTED", "ROWS");
}

/** ORDER BY's terms, OFFSET and FETCH. */
function orderBy(p: Parser): OrderBy {
  const { start } = peek(p);
  const node: OrderBy = { kind: "order-by", terms: orderTerms(p), start, end: 0 };
  if (accept(p, "OFFSET")) {
    node.offset = p.expression(p);
    acceptRows(p);
  }
  if (accept(p, "FETCH")) {
    if (word(p) === "NEXT" || word(p) === "FIRST") p.at += 1;
    node.fetch = p.expression(p);
    acceptRows(p);
    if (!accept(p, "ONLY")) report(p, "EXPECTED", "ONLY");
  }
  leftover(p);
  return Object.assign(node, since(p, start));
}

/** FOR XML and FOR JSON with their options: `PATH('row'), ROOT('rows'), TYPE`. */
function forClause(p: Parser, start: number): For {
  const node: For = { kind: "for", mode: word(p), style: "", isTyped: false, start, end: 0 };
  if (peek(p).kind === "word") p.at += 1;
  node.style = word(p);
  do {
    if (word(p) === "TYPE") node.isTyped = true;
    skip(p);
  } while (accept(p, ","));
  return Object.assign(node, since(p, start));
}

function option(p: Parser, node: Query, start: number): void {
  if (accept(p, "(")) {
    do skip(p);
    while (accept(p, ","));
    close(p);
  } else report(p, "EXPECTED", "(");
  node.option = since(p, start);
}

/** Reads ORDER BY, FOR and OPTION as often as they stand behind a query; a second one is noted. */
export function readTail(p: Parser, node: Query): void {
  for (;;) {
    const { upper, start } = peek(p);
    const isSecond =
      (upper === "ORDER" && node.orderBy !== undefined) ||
      (upper === "FOR" && node.forClause !== undefined) ||
      (upper === "OPTION" && node.option !== undefined);
    if (isSecond) report(p, "UNEXPECTED", upper);
    if (upper === "ORDER") {
      openClause(p, node.clauses, "ORDER BY");
      const read = orderBy(p);
      node.orderBy ??= read;
    } else if (upper === "FOR") {
      openClause(p, node.clauses, "FOR");
      node.forClause = forClause(p, start);
    } else if (upper === "OPTION") {
      openClause(p, node.clauses, "OPTION");
      option(p, node, start);
    } else break;
  }
  closeClauses(p, node.clauses);
}
