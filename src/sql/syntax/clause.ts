import { peek, report, word, type Parser } from "./parser.ts";
import type { Clause } from "./tree.ts";

/** Steps over the words a clause begins with, and lets the one before it end there. */
export function openClause(p: Parser, clauses: Clause[], name: Clause["name"]): void {
  const { start } = peek(p);
  closeClauses(p, clauses);
  const clause: Clause = { name, start, end: peek(p).end, until: start };
  clauses.push(clause);
  p.at += 1;
  if (!name.endsWith(" BY")) return;
  clause.end = word(p) === "BY" ? peek(p).end : clause.end;
  if (word(p) === "BY") p.at += 1;
  else report(p, "EXPECTED", "BY");
}

/** Lets the last clause end where the next thing begins. */
export function closeClauses(p: Parser, clauses: readonly Clause[]): void {
  const last = clauses.at(-1);
  if (last !== undefined) last.until = peek(p).start;
}
