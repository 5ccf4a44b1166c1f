import { callArguments } from "./call.ts";
import { nameHere } from "./names.ts";
import { accept, since, word, type Parser } from "./parser.ts";
import { primary } from "./primary.ts";
import { isTooHigh, tooHigh } from "./recover.ts";
import type { Expression } from "./expression-tree.ts";
import { upperCase } from "../text/upper-case.ts";

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
      const args = accept(p, "(") ? callArguments(p, upperCase(name.value)).args : [];
      return { kind: "method", object: operand, name, args, ...since(p, start) };
    }
    default:
      return undefined;
  }
}

/** Reads a value and what is written behind it: COLLATE, AT TIME ZONE, methods. */
export function operand(p: Parser): Expression {
  let node = primary(p);
  for (;;) {
    if (isTooHigh(p)) return tooHigh(p, node);
    const next = suffix(p, node);
    if (next === undefined) return node;
    node = next;
    p.height += 1;
  }
}
