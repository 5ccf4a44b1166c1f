import { maybeName, takeName } from "./names.ts";
import { accept, expect, missing, peek, since, word, type Parser } from "./parser.ts";
import { close } from "./recover.ts";
import type { Cast, DataType } from "./expression-tree.ts";

/** Names of types that have two words. */
const secondWords: Readonly<Record<string, readonly string[]>> = {
  NATIONAL: ["CHAR", "CHARACTER", "TEXT"],
  CHAR: ["VARYING"],
  CHARACTER: ["VARYING"],
  NCHAR: ["VARYING"],
  BINARY: ["VARYING"],
  DOUBLE: ["PRECISION"],
};

function typeName(p: Parser): string {
  const words: string[] = [];
  for (;;) {
    const upper = word(p);
    // Only the last part of a dotted name says which type it is, and two words are one name.
    const reserved = upper === "NATIONAL" || upper === "DOUBLE" || upper === "VARYING" || upper === "PRECISION";
    const { kind, start, end } = peek(p);
    if (kind === "word" && reserved) {
      p.at += 1;
      words.push(p.sql.slice(start, end));
    } else words.push(takeName(p).value);
    if (accept(p, ".")) words.length = 0;
    else if (!(Object.hasOwn(secondWords, upper) && secondWords[upper]?.includes(word(p)) === true)) break;
    if (!maybeName(peek(p))) break;
  }
  return words.join(" ").toLowerCase();
}

function typeArguments(p: Parser): string[] {
  const args: string[] = [];
  if (!accept(p, "(")) return args;
  do {
    const { kind, start, end, upper } = peek(p);
    if (kind !== "number" && kind !== "word") break;
    args.push(upper === "" ? p.sql.slice(start, end) : upper.toLowerCase());
    p.at += 1;
  } while (accept(p, ","));
  close(p);
  return args;
}

/** Reads a data type: `varchar(max)`, `[decimal](10, 2)`, `national character varying(20)`. */
export function dataType(p: Parser): DataType {
  const { start } = peek(p);
  if (!maybeName(peek(p))) {
    return { ...missing(p, "a data type"), kind: "type", name: "", args: [] };
  }
  const name = typeName(p);
  const args = typeArguments(p);
  return { kind: "type", name, args, ...since(p, start) };
}

/** Reads what CAST, PARSE and their kin hold, behind the parenthesis. */
export function castArgument(p: Parser, name: string, start: number): Cast {
  // Only these four are given.
  const form = name as "CAST" | "TRY_CAST" | "PARSE" | "TRY_PARSE";
  const operand = p.expression(p);
  expect(p, "AS");
  const type = dataType(p);
  const node: Cast = { kind: "cast", form, operand, type, start, end: 0 };
  if (accept(p, "USING")) node.style = p.expression(p);
  close(p);
  return Object.assign(node, since(p, start));
}

/** Reads CONVERT or TRY_CONVERT. */
export function convert(p: Parser, form: "CONVERT" | "TRY_CONVERT"): Cast {
  const { start } = peek(p);
  p.at += 2;
  const type = dataType(p);
  const operand = expect(p, ",") ? p.expression(p) : missing(p, "a value");
  const node: Cast = { kind: "cast", form, operand, type, start, end: 0 };
  if (accept(p, ",")) node.style = p.expression(p);
  close(p);
  return Object.assign(node, since(p, start));
}
