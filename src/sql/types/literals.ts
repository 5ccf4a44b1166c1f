import { at, variant } from "../read/ast.ts";
import { bigint, bit, decimal, float, int, nullType, text, unknownType, type SqlType } from "./sql-type.ts";

function unwrapped(expression: unknown): unknown {
  let { tag, body } = variant(expression);
  while (tag === "Nested") ({ tag, body } = variant(body));
  return tag === "Value" ? at(body, "value") : undefined;
}

/** The text of a string literal; nothing for other expressions. */
export function literalText(expression: unknown): string | undefined {
  const { tag, body } = variant(unwrapped(expression));
  const isText = tag === "SingleQuotedString" || tag === "NationalStringLiteral" || tag === "DoubleQuotedString";
  return isText && typeof body === "string" ? body : undefined;
}

/** The value of a number literal, a minus before it counted; nothing for other expressions. */
export function literalNumber(expression: unknown): number | undefined {
  const { tag, body } = variant(expression);
  if (tag === "UnaryOp" && at(body, "op") === "Minus") {
    const value = literalNumber(at(body, "expr"));
    return value === undefined ? undefined : -value;
  }
  const digits = numberText(expression);
  return digits === undefined ? undefined : Number(digits);
}

function numberText(expression: unknown): string | undefined {
  const { tag, body } = variant(unwrapped(expression));
  const digits: unknown = tag === "Number" && Array.isArray(body) ? body[0] : undefined;
  return typeof digits === "string" ? digits : undefined;
}

/** How many digits a whole-number literal has; nothing for other expressions. */
export function wholeDigits(expression: unknown): number | undefined {
  const digits = numberText(expression);
  return digits !== undefined && /^\d+$/.test(digits) ? Math.max(1, digits.replace(/^0+/, "").length) : undefined;
}

const maxInt = 2_147_483_647;

/** T-SQL reads a whole number beyond 32 bits as numeric, `1.50` as numeric(3,2) and `1e3` as float. */
function typeOfNumber(digits: string): SqlType {
  if (/e/i.test(digits)) return float;
  const [whole = "", fraction] = digits.split(".");
  const wholeLength = whole.replace(/^0+/, "").length;
  if (fraction !== undefined) return decimal(wholeLength + fraction.length, fraction.length);
  if (Number(digits) <= maxInt) return int;
  return wholeLength <= 19 ? bigint : decimal(wholeLength, 0);
}

/** The type of a literal, given the `value` below the parser's Value node. */
export function typeOfLiteral(value: unknown): SqlType {
  const { tag, body } = variant(value);
  switch (tag) {
    case "Number":
      return typeOfNumber(Array.isArray(body) ? String(body[0]) : "0");
    case "SingleQuotedString":
    case "NationalStringLiteral":
    case "DoubleQuotedString":
      return text(typeof body === "string" ? body.length : 0);
    case "Boolean":
      return bit;
    case "Null":
      return nullType;
    case "HexStringLiteral":
      return text(typeof body === "string" ? body.length : 0);
    default:
      return unknownType;
  }
}
