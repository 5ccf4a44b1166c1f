import { at, listAt, nameOf, namesOf, variant } from "./witness-tree.ts";
import { shownName, shownText } from "./print.ts";

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

/** A literal. */
export function value(node: unknown): string {
  const { tag, body } = variant(at(node, "value"));
  switch (tag) {
    case "Number":
      return String(Array.isArray(body) ? body[0] : body);
    case "SingleQuotedString":
    case "NationalStringLiteral":
    case "DoubleQuotedString":
      return shownText(String(body));
    case "HexStringLiteral":
      return `0x${String(body)}`;
    case "Null":
      return "NULL";
    default:
      return String(body);
  }
}

/** FOR XML or FOR JSON. */
export function forClause(node: unknown): string {
  const { tag, body } = variant(node);
  const style = variant(at(body, tag === "Xml" ? "for_xml" : "for_json")).tag.toUpperCase();
  return `for ${tag.toUpperCase()} ${style}${at(body, "type") === true ? " typed" : ""}`;
}

/** The names of the columns the witness sees; "*" for a star, "" for a column without name. */
export function outputsOf(node: unknown): string[] {
  const { tag, body } = variant(at(node, "body") ?? node);
  if (tag === "SetOperation") return outputsOf(at(body, "left"));
  if (tag === "Query") return outputsOf(body);
  return listAt(body, "projection").map((one) => {
    const found = variant(one);
    if (found.tag === "ExprWithAlias") return nameOf(at(found.body, "alias"))?.value ?? "";
    return found.tag === "UnnamedExpr" ? ownName(found.body) : "*";
  });
}

function ownName(expression: unknown): string {
  const { tag, body } = variant(expression);
  if (tag === "Nested") return ownName(body);
  if (tag === "Identifier") return nameOf(body)?.value ?? "";
  return tag === "CompoundIdentifier" ? (namesOf(body).at(-1)?.value ?? "") : "";
}
