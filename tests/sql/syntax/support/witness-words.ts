import { at, namesOf, variant } from "#sql/read/ast.ts";
import { shownName } from "./print.ts";

/** What the witness calls operators. */
export const operators: Readonly<Record<string, string>> = {
  Plus: "+",
  Minus: "-",
  Multiply: "*",
  Divide: "/",
  Modulo: "%",
  StringConcat: "||",
  BitwiseAnd: "&",
  BitwiseOr: "|",
  BitwiseXor: "^",
  Eq: "=",
  NotEq: "<>",
  Lt: "<",
  LtEq: "<=",
  Gt: ">",
  GtEq: ">=",
};

/** Operators of one precedence: what is chained is printed as one chain. */
export const levels: readonly (readonly string[])[] = [
  ["Or"],
  ["And"],
  ["Plus", "Minus", "BitwiseAnd", "BitwiseOr", "BitwiseXor", "StringConcat"],
  ["Multiply", "Divide", "Modulo"],
];

/** Its signs before a value. */
export const unaryNames: Readonly<Record<string, string>> = { Minus: "-", Plus: "+", BitwiseNot: "~", Not: "NOT " };

/** Its joins. */
export const joinNames: Readonly<Record<string, string>> = {
  Join: "JOIN",
  Inner: "JOIN",
  Left: "LEFT",
  LeftOuter: "LEFT",
  Right: "RIGHT",
  RightOuter: "RIGHT",
  FullOuter: "FULL",
  CrossJoin: "CROSS",
  CrossApply: "APPLY",
  OuterApply: "OUTER APPLY",
};

/** A dotted name. */
export function dotted(parts: unknown): string {
  return namesOf(parts)
    .map(({ value }) => shownName(value))
    .join(".");
}

const typeNames: Readonly<Record<string, string>> = {
  CharacterVarying: "character varying",
  CharVarying: "char varying",
  DoublePrecision: "double precision",
  Uuid: "uuid",
};

/** A data type. */
export function dataType(node: unknown): string {
  const { tag, body } = variant(node);
  if (tag === "Custom" && Array.isArray(body)) {
    const args: unknown[] = Array.isArray(body[1]) ? body[1] : [];
    return dotted(body[0]).toLowerCase() + (args.length > 0 ? `(${args.join().toLowerCase()})` : "");
  }
  const name = typeNames[tag] ?? tag.toLowerCase();
  const length = at(at(body, "IntegerLength"), "length");
  const digits: unknown = at(body, "PrecisionAndScale") ?? at(body, "Precision");
  if (body === "Max") return `${name}(max)`;
  if (typeof length === "number") return `${name}(${length})`;
  if (Array.isArray(digits)) return `${name}(${digits.join()})`;
  if (typeof digits === "number") return `${name}(${digits})`;
  return typeof body === "number" ? `${name}(${body})` : name;
}
