import { accept, expect, peek, report, since, word, type Parser } from "./parser.ts";
import { caseStops, leftover } from "./recover.ts";
import type { Case, Expression } from "./expression-tree.ts";

/** One expression of a CASE; what is not understood behind it makes it opaque. */
function arm(p: Parser): Expression {
  const node = p.expression(p);
  const inside = leftover(p, caseStops);
  return inside === undefined ? node : { kind: "opaque", inside: [node, ...inside], ...since(p, node.start) };
}

/** Reads a CASE of either form. */
export function caseOf(p: Parser): Case {
  const { start } = peek(p);
  p.at += 1;
  const node: Case = { kind: "case", branches: [], start, end: 0 };
  if (word(p) !== "WHEN") node.operand = arm(p);
  while (word(p) === "WHEN") {
    const from = peek(p).start;
    p.at += 1;
    const condition = arm(p);
    expect(p, "THEN");
    const result = arm(p);
    node.branches.push({ kind: "when", condition, result, ...since(p, from) });
  }
  if (node.branches.length === 0) report(p, "EXPECTED", "WHEN");
  while (accept(p, "ELSE")) {
    if (node.otherwise !== undefined) report(p, "UNEXPECTED", "ELSE");
    node.otherwise = arm(p);
  }
  expect(p, "END");
  return Object.assign(node, since(p, start));
}
