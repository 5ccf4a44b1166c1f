import { accept, expect, peek, since, word, type Parser } from "./parser.ts";
import { close, isTooDeep, leftover, tooDeep } from "./recover.ts";
import type { Expression, Grouping } from "./expression-tree.ts";
import type { GroupBy } from "./tree.ts";

/** The items between parentheses, the opening one being next. */
function items(p: Parser): Expression[] {
  const found: Expression[] = [];
  if (!expect(p, "(")) return found;
  if (accept(p, ")")) return found;
  do found.push(groupTerm(p));
  while (accept(p, ","));
  close(p);
  return found;
}

function grouping(p: Parser, form: Grouping["form"], words: number): Expression {
  const { start } = peek(p);
  if (isTooDeep(p, 1)) return tooDeep(p, false);
  p.at += words;
  p.depth += 1;
  const found = items(p);
  p.depth -= 1;
  return { kind: "grouping", form, items: found, ...since(p, start) };
}

function groupTerm(p: Parser): Expression {
  const upper = word(p);
  if ((upper === "ROLLUP" || upper === "CUBE") && word(p, 1) === "(") return grouping(p, upper, 1);
  if (upper === "GROUPING" && word(p, 1) === "SETS") return grouping(p, "GROUPING SETS", 2);
  if (upper === "(" && word(p, 1) === ")") return grouping(p, "", 0);
  p.takesRows = true;
  const node = p.expression(p);
  p.takesRows = false;
  return node;
}

/** Reads the terms of a GROUP BY, whose words are read. */
export function groupBy(p: Parser): GroupBy {
  const { start } = peek(p);
  const node: GroupBy = { kind: "group-by", terms: [], start, end: start };
  if (accept(p, "ALL")) node.isAll = true;
  do {
    const term = groupTerm(p);
    const inside = word(p) === "WITH" ? undefined : leftover(p);
    if (inside === undefined) node.terms.push(term);
    else node.terms.push({ kind: "opaque", inside: [term, ...inside], ...since(p, term.start) });
  } while (accept(p, ","));
  const next = word(p, 1);
  if (word(p) === "WITH" && (next === "ROLLUP" || next === "CUBE")) {
    node.with = next;
    p.at += 2;
  }
  return Object.assign(node, since(p, start));
}
