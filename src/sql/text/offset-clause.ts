import type { Token } from "../syntax/scan.ts";

/** Words that an expression follows; all are reserved, so none is a column. */
const openers = new Set(["BY", "CASE", "WHEN", "THEN", "ELSE", "AND", "OR", "NOT", "BETWEEN", "LIKE", "ESCAPE"]);

/**
 * Whether the token at `index`, somewhere behind ORDER BY, opens the OFFSET clause.
 *
 * OFFSET is not reserved: where an expression is still to come it is a column.
 */
export function isOffsetClause(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1];
  if (tokens[index]?.upper !== "OFFSET" || before === undefined || openers.has(before.upper)) return false;
  return before.kind !== "operator" || before.upper === ")";
}
