import type { Token } from "./scan.ts";

type Frame = { chain: number; inner: number; sets: number; deepest: number };

const chained = new Set(["+", "-", "*", "/", "%", "||", "&", "|", "^", "AND", "OR", "NOT"]);
const sets = new Set(["UNION", "EXCEPT", "INTERSECT"]);
const ends = new Set([",", "WHEN", "THEN", "ELSE", "SELECT", "FROM", "WHERE", "ON", "GROUP", "HAVING", "ORDER"]);

function settle(frame: Frame): void {
  frame.deepest = Math.max(frame.deepest, frame.chain + frame.inner);
  frame.chain = 0;
  frame.inner = 0;
}

/** How deep a parser nests the longest operator chain of these tokens: `a OR b OR c` is 2, and chains inside brackets add up. */
export function operatorDepth(tokens: readonly Token[]): number {
  let frame: Frame = { chain: 0, inner: 0, sets: 0, deepest: 0 };
  const outer: Frame[] = [];
  for (const { upper } of tokens) {
    if (upper === "") continue;
    if (upper === "(" || upper === "CASE") {
      outer.push(frame);
      frame = { chain: 0, inner: 0, sets: 0, deepest: 0 };
    } else if (upper === ")" || upper === "END") {
      const parent = outer.pop();
      if (parent === undefined) continue;
      settle(frame);
      parent.inner = Math.max(parent.inner, frame.deepest + frame.sets);
      frame = parent;
    } else if (chained.has(upper)) frame.chain += 1;
    else if (sets.has(upper)) frame.sets += 1;
    else if (ends.has(upper)) settle(frame);
  }
  for (let parent = outer.pop(); parent !== undefined; parent = outer.pop()) {
    settle(frame);
    parent.inner = Math.max(parent.inner, frame.deepest + frame.sets);
    frame = parent;
  }
  settle(frame);
  return frame.deepest + frame.sets;
}
