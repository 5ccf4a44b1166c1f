import { callArguments } from "./call.ts";
import { nameHere } from "./names.ts";
import { accept, peek, since, word, type Parser } from "./parser.ts";
import { primary } from "./primary.ts";
import { isTooDeep, tooDeep } from "./recover.ts";
import type { Expression } from "./tree.ts";

/** What follows an operand and belongs to it; nothing when nothing does. */
function suffix(p: Parser, operand: Expression): Expression | undefined {
  const { start } = operand;
  switch (word(p)) {
    case "COLLATE": {
      p.at += 1;
      const collation = nameHere(p, "a collation");
      return { kind: "collate", operand, collation, ...since(p, start) };
    }
    case "AT": {
      if (word(p, 1) !== "TIME" || word(p, 2) !== "ZONE") return undefined;
      p.at += 3;
      const zone = primary(p);
      return { kind: "at-time-zone", operand, zone, ...since(p, start) };
    }
    case ".":
    case "::": {
      p.at += 1;
      const name = nameHere(p, "a method");
      const args = accept(p, "(") ? callArguments(p, name.value.toUpperCase()).args : [];
      return { kind: "method", object: operand, name, args, ...since(p, start) };
    }
    default:
      return undefined;
  }
}

/** Reads a value and what is written behind it: COLLATE, AT TIME ZONE, methods. */
export function operand(p: Parser): Expression {
  let node = primary(p);
  for (let count = 1; ; count += 1) {
    const next = suffix(p, node);
    if (next === undefined) return node;
    node = next;
    // Each stands around the one before it.
    if (isTooDeep(p, count) && peek(p).kind !== "end") {
      const rest = tooDeep(p, false);
      return { kind: "opaque", ...since(p, node.start), inside: [node, rest] };
    }
  }
}
