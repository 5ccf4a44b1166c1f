import {
  asDecimal,
  date,
  decimal,
  decimalOf,
  float,
  int,
  text,
  textLength,
  unknownType,
  widest,
  type SqlType,
} from "./sql-type.ts";

/** Text beside text: both lengths together. */
export function concatenated(types: readonly SqlType[]): SqlType {
  let length = 0;
  for (const type of types) {
    const own = textLength(type);
    if (own === "max") return text("max");
    length += own;
  }
  return text(length);
}

type Digits = { precision: number; scale: number };

/** T-SQL's rules for decimal results: learn.microsoft.com, "Precision, scale, and length (Transact-SQL)". */
function decimalResult(operator: string, left: Digits, right: Digits): SqlType {
  const scale = Math.max(left.scale, right.scale);
  const whole = Math.max(left.precision - left.scale, right.precision - right.scale);
  switch (operator) {
    case "*":
      return decimal(left.precision + right.precision + 1, left.scale + right.scale);
    case "/": {
      const digits = Math.max(6, left.scale + right.precision + 1);
      return decimal(left.precision - left.scale + right.scale + digits, digits);
    }
    case "%":
      return decimal(Math.min(left.precision - left.scale, right.precision - right.scale) + scale, scale);
    default:
      // One more digit before the point, but none behind it is given up for that one alone.
      return decimalOf(Math.min(whole + 1, Math.max(whole, 38 - scale)), scale);
  }
}

/** An operand: its type, and how many digits it has when it is a whole-number literal. */
export type Operand = { type: SqlType; literalDigits?: number };

function digitsOf({ type, literalDigits }: Operand): Digits | undefined {
  return literalDigits === undefined ? asDecimal(type) : { precision: literalDigits, scale: 0 };
}

/** `GETDATE() - 7` moves by whole days, and stays in its zone; what moves by a part of a day may go to another. */
function movedDate(operator: string, one: SqlType, other: SqlType): SqlType {
  if ((operator === "+" || operator === "-") && one.kind === "date" && other.kind === "int") return one;
  return operator === "+" && one.kind === "int" ? other : date;
}

/** The type of `left operator right` for the operators that make numbers, dates and texts (`+`, `%` and so on). */
export function arithmetic(operator: string, left: Operand, right: Operand): SqlType {
  const one = left.type;
  const other = right.type;
  if (one.kind === "null" && other.kind === "null") return int;
  if (one.kind === "date" || other.kind === "date") return movedDate(operator, one, other);
  if (one.kind === "unknown" || other.kind === "unknown")
    return operator === "+" || operator === "||" ? widest(one, other) : unknownType;
  const isText = (type: SqlType): boolean => type.kind === "text" || type.kind === "null";
  if (operator === "||" || (operator === "+" && isText(one) && isText(other))) return concatenated([one, other]);
  if (one.kind === "float" || other.kind === "float") return float;
  if (one.kind === "decimal" || other.kind === "decimal") {
    const leftDigits = digitsOf(left);
    const rightDigits = digitsOf(right);
    // Text or NULL beside a decimal becomes that decimal.
    return decimalResult(
      operator,
      leftDigits ?? rightDigits ?? { precision: 38, scale: 6 },
      rightDigits ?? leftDigits ?? { precision: 38, scale: 6 },
    );
  }
  const result = widest(one, other);
  return result.kind === "int" ? result : int;
}
