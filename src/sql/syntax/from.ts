import { accept, peek, report, since, word, type Parser } from "./parser.ts";
import { isTooDeep, leftover } from "./recover.ts";
import { joinWords } from "./reserved.ts";
import { source } from "./source.ts";
import type { Expression } from "./expression-tree.ts";
import type { Join, Joined, Source } from "./tree.ts";

/** A table, what was joined to it so far, and how it is joined itself once its ON is read. */
type Frame = { type: Join["type"]; start: number; first: Source; joins: Join[] };

const joinHints: ReadonlySet<string> = new Set("LOOP HASH MERGE REMOTE REDUCE REPLICATE REDISTRIBUTE".split(" "));
const sides: Readonly<Record<string, Join["type"]>> = { INNER: "inner", LEFT: "left", RIGHT: "right", FULL: "full" };

/** Steps over the words of a join; nothing where none begins. */
function joinType(p: Parser): Join["type"] | undefined {
  const first = word(p);
  if (accept(p, "JOIN")) return "inner";
  const next = word(p, 1);
  if ((first === "CROSS" || first === "OUTER") && next === "APPLY") {
    p.at += 2;
    return first === "CROSS" ? "cross-apply" : "outer-apply";
  }
  const side = first === "CROSS" || first === "OUTER" ? "cross" : sides[first];
  if (side === undefined || !joinWords.has(first)) return undefined;
  p.at += 1;
  if (side !== "cross") accept(p, "OUTER");
  if (joinHints.has(word(p)) && word(p, 1) === "JOIN") p.at += 1;
  if (!accept(p, "JOIN")) report(p, "EXPECTED", "JOIN");
  return side;
}

function ofFrame({ first, joins }: Frame): Source {
  const last = joins.at(-1);
  if (last === undefined) return first;
  const node: Joined = { kind: "joined", first, joins, start: first.start, end: last.end };
  return node;
}

function push(p: Parser, frame: Frame, type: Join["type"], start: number, source: Source, on?: Expression): void {
  const node: Join = { kind: "join", type, source, ...since(p, start) };
  if (on !== undefined) node.on = on;
  frame.joins.push(node);
}

/** Joins the last table to the one before it, which is what its ON does. */
function closeFrame(p: Parser, frames: Frame[], on?: Expression): void {
  const frame = frames.at(-1);
  const before = frames.at(-2);
  if (frame === undefined || before === undefined) return;
  frames.pop();
  p.depth -= 1;
  push(p, before, frame.type, frame.start, ofFrame(frame), on);
}

function readOn(p: Parser, frames: Frame[]): void {
  const isOwn = frames.length > 1;
  if (!isOwn) report(p, "UNEXPECTED", "ON");
  p.at += 1;
  const on = p.expression(p);
  const last = frames[0]?.joins.at(-1);
  if (isOwn) closeFrame(p, frames, on);
  else if (last !== undefined && last.on === undefined) Object.assign(last, { on, end: on.end });
}

/**
 * Reads a table and what is joined to it: one term of FROM.
 *
 * A join waits for its ON, so that `a JOIN b JOIN c ON … ON …` is `a JOIN (b JOIN c ON …) ON …`.
 */
export function joined(p: Parser): Source {
  const { start } = peek(p);
  const root: Frame = { type: "cross", start, first: source(p), joins: [] };
  const frames = [root];
  for (;;) {
    const from = peek(p).start;
    if (word(p) === "ON") readOn(p, frames);
    else {
      const type = joinType(p);
      const isMore = type !== undefined || leftover(p, joinWords) !== undefined;
      if (type !== undefined) addTable(p, frames, type, from);
      if (!isMore) break;
    }
  }
  for (; frames.length > 1; closeFrame(p, frames)) report(p, "EXPECTED", "ON");
  return ofFrame(root);
}

function addTable(p: Parser, frames: Frame[], type: Join["type"], start: number): void {
  const first = source(p);
  const top = frames.at(-1);
  if (top === undefined) return;
  const isDeep = isTooDeep(p, 1);
  if (isDeep) report(p, "TOO_DEEP", "nested too deeply");
  if (isDeep || type === "cross" || type.endsWith("apply")) push(p, top, type, start, first);
  else {
    frames.push({ type, start, first, joins: [] });
    p.depth += 1;
  }
}
