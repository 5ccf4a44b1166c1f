import type { Token } from "./scan.ts";
import type { Body, Name, Node, Query, Select, Span } from "./tree.ts";
import { childrenOf } from "./walk.ts";

/** The index of the first token that starts at or behind an offset. */
export function tokenIndexAt(tokens: readonly Token[], offset: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tokens[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where a dotted name stands. */
export function placeOf(parts: readonly Name[]): Span {
  return { start: parts[0]?.start ?? 0, end: parts.at(-1)?.end ?? 0 };
}

function firstSelect(node: Node): Select | undefined {
  if (node.kind === "select") return node;
  for (const child of childrenOf(node)) {
    const found = firstSelect(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where the first SELECT word in a node stands; where the node begins when it has none. */
export function placeOfSelect(node: Node): Span {
  const { start, end } = firstSelect(node)?.clauses[0] ?? { start: node.start, end: node.start + 1 };
  return { start, end };
}

/** The SELECTs whose rows a query gives: one, or the branches of its set operations. */
export function selectsOf(body: Body): Select[] {
  if (body.kind === "select") return [body];
  if (body.kind === "query") return selectsOf(body.body);
  return body.kind === "set" ? body.branches.flatMap(selectsOf) : [];
}

/** The SELECT whose list names the columns of a query: the first branch of a set operation, within parentheses too. */
export function mainSelect(query: Query): Select | undefined {
  let body: Body | undefined = query;
  while (body?.kind === "query" || body?.kind === "set") body = body.kind === "query" ? body.body : body.branches[0];
  return body?.kind === "select" ? body : undefined;
}
