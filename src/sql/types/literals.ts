import type { Expression, Literal } from "../syntax/expression-tree.ts";
import { decimal, float, int, money, nullType, text, unknownType, type SqlType } from "./sql-type.ts";

/** The literal an expression is, in parentheses too. */
function literalOf(expression: Expression | undefined): Literal | undefined {
  let inner = expression;
  while (inner?.kind === "parens") inner = inner.inner;
  return inner?.kind === "literal" ? inner : undefined;
}

/** The text of a string literal; nothing for other expressions. */
export function literalText(expression: Expression | undefined): string | undefined {
  const literal = literalOf(expression);
  return literal?.type === "text" ? literal.value : undefined;
}

/** Whether an expression is NULL itself. */
export function isNullLiteral(expression: Expression): boolean {
  return literalOf(expression)?.type === "null";
}

/** The value of a number literal, a minus before it counted; nothing for other expressions. */
export function literalNumber(expression: Expression | undefined): number | undefined {
  if (expression?.kind === "unary" && expression.operator === "-") {
    const value = literalNumber(expression.operand);
    return value === undefined ? undefined : -value;
  }
  const digits = numberText(expression);
  return digits === undefined ? undefined : Number(digits);
}

function numberText(expression: Expression | undefined): string | undefined {
  const literal = literalOf(expression);
  return literal?.type === "number" ? literal.value : undefined;
}

/** How many digits a whole-number literal has; nothing for other expressions. */
export function wholeDigits(expression: Expression): number | undefined {
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
  return decimal(wholeLength, 0);
}

/** The type of a literal. */
export function typeOfLiteral({ type, value }: Literal): SqlType {
  switch (type) {
    case "number":
      return typeOfNumber(value);
    case "money":
      return money;
    case "text":
      return text(value.length);
    case "binary":
      return text(value.length - "0x".length);
    case "null":
      return nullType;
    case "default":
      return unknownType;
  }
}
