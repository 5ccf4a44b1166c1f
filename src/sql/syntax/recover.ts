import {
  accept,
  expect,
  isWindowClause,
  maxDepth,
  maxHeight,
  peek,
  report,
  since,
  word,
  type Parser,
} from "./parser.ts";
import { isClauseWord, isReserved } from "./reserved.ts";
import type { Expression } from "./expression-tree.ts";
import type { Node, Opaque } from "./tree.ts";

const none: ReadonlySet<string> = new Set();

/** Words that end the arm of a CASE. */
export const caseStops: ReadonlySet<string> = new Set(["WHEN", "THEN", "ELSE", "END"]);

function isStop(upper: string, stops: ReadonlySet<string>): boolean {
  return upper === "," || upper === ")" || upper === ";" || isClauseWord(upper) || stops.has(upper);
}

/** How a token changes the number of open brackets; a parenthesis that is never closed opens nothing. */
function steps(p: Parser, upper: string, isInCase: boolean): number {
  if (upper === "(") return p.isClosed(p.at) ? 1 : 0;
  if (upper === ")") return -1;
  if (!isInCase) return 0;
  return upper === "CASE" ? 1 : upper === "END" ? -1 : 0;
}

/**
 * Steps over what is not understood, up to a comma, a closing parenthesis, the next clause or one of `stops`; queries in
 * parentheses inside it are read.
 */
export function skip(p: Parser, stops: ReadonlySet<string> = none): Node[] {
  const inside: Node[] = [];
  let depth = 0;
  for (; peek(p).kind !== "end"; p.at += 1) {
    const upper = word(p);
    if (depth === 0 && isStop(upper, stops)) break;
    if (upper === "(" && word(p, 1) === "SELECT") {
      p.at += 1;
      inside.push(p.query(p));
      if (word(p) !== ")") break;
    } else depth = Math.max(0, depth + steps(p, upper, stops === caseStops));
  }
  return inside;
}

/** Notes the next token as out of place, and steps over all up to what ends it; nothing where it is already there. */
export function leftover(p: Parser, stops: ReadonlySet<string> = none): Node[] | undefined {
  const { kind, start, end, upper } = peek(p);
  if (kind === "end" || isStop(upper, stops) || isWindowClause(p)) return undefined;
  report(p, "UNEXPECTED", p.sql.slice(start, Math.min(end, start + 40)));
  return skip(p, stops);
}

/** Steps over what is nested too deeply: to the end of the query, or of the expression. */
export function tooDeep(p: Parser, isQuery: boolean): Opaque {
  const { start } = peek(p);
  if (!p.problems.some(({ code }) => code === "TOO_DEEP")) report(p, "TOO_DEEP", "nested too deeply");
  for (let depth = 0; peek(p).kind !== "end"; p.at += 1) {
    const upper = word(p);
    if (depth === 0 && (upper === ")" || (!isQuery && isStop(upper, caseStops)))) break;
    depth = Math.max(0, depth + steps(p, upper, true));
  }
  return { kind: "opaque", ...since(p, start), inside: [] };
}

/** Whether so many levels more are too many. */
export function isTooDeep(p: Parser, levels: number): boolean {
  return p.depth + levels > maxDepth;
}

/** Whether no more can be written around what was read last. */
export function isTooHigh(p: Parser): boolean {
  return p.depth + p.height >= maxHeight;
}

/** What is too high to have anything more around it: the rest is stepped over. */
export function tooHigh(p: Parser, node: Expression): Opaque {
  const rest = tooDeep(p, false);
  return { kind: "opaque", ...since(p, node.start), inside: [node, rest] };
}

/** Closes a parenthesis: what stands before it and is not understood is stepped over. */
export function close(p: Parser): Node[] {
  if (accept(p, ")")) return [];
  const inside = isReserved(word(p)) ? undefined : leftover(p);
  expect(p, ")");
  return inside ?? [];
}
