import { compact, inRange } from "../convert/to-number.ts";
import { decimalOf, decimalText } from "../values/decimal.ts";
import { SqlError, unsupported } from "../values/sql-error.ts";
import { float, int, typeName, type SqlType, type Stored } from "../types.ts";
import { node, variant, word, type Json, type Node } from "./ast.ts";
import type { Context, Expr } from "./model.ts";
import { call, constant, implicit } from "./expr.ts";
import { translate } from "./expression.ts";
import { dated } from "./date-arithmetic.ts";
import { decimals } from "./decimal-arithmetic.ts";
import { invalid } from "./invalid-operand.ts";
import { joined } from "./joined.ts";
import { commonType } from "./type-rules.ts";

const symbols: Record<string, string> = {
  Plus: "+",
  Minus: "-",
  Multiply: "*",
  Divide: "/",
  Modulo: "%",
  BitwiseAnd: "&",
  BitwiseOr: "|",
  BitwiseXor: "^",
};
/** `a + b` and the other binary operators. A chain is read from the left, without recursion. */
export function arithmetic(context: Context, body: Node): Expr {
  const chain: { op: string; right: Json }[] = [];
  let left: Json = { BinaryOp: body };
  for (;;) {
    const { name, body: inner } = variant(left);
    if (name !== "BinaryOp") break;
    const parts = node(inner);
    chain.push({ op: operator(parts["op"]), right: parts["right"] ?? null });
    left = parts["left"] ?? null;
  }
  let value = translate(context, left);
  for (const { op, right } of chain.toReversed()) value = combine(context, op, value, translate(context, right));
  return value;
}

function operator(json: Json | undefined): string {
  const name = word(json) ?? variant(json).name;
  const symbol = symbols[name];
  if (symbol !== undefined) return symbol;
  if (["Eq", "NotEq", "Lt", "Gt", "LtEq", "GtEq", "And", "Or"].includes(name))
    throw new SqlError("Incorrect syntax: a condition stands where a value is expected.");
  return unsupported(`the operator ${name}`);
}

function combine(context: Context, op: string, left: Expr, right: Expr): Expr {
  const kinds = [left.type.kind, right.type.kind];
  if (op === "+" && kinds.every((kind) => kind === "text" || kind === "null") && kinds.includes("text")) {
    return joined([left, right]);
  }
  if (kinds.includes("moment") || kinds.includes("time") || kinds.includes("offset"))
    return dated(context, op, left, right);
  const common = commonType(left.type, right.type);
  switch (common.kind) {
    case "null":
      return { sql: "NULL", type: int };
    case "int":
      return integers(context, op, left, right, common);
    case "decimal":
      return decimals(context, op, left, right);
    case "float":
      return floats(context, op, left, right);
    case "bit":
      if (op === "&" || op === "|" || op === "^") return bitwise(context, op, left, right, common);
      throw invalid(common, op);
    case "text":
    case "guid":
    case "binary":
    case "xml":
    case "moment":
    case "time":
    case "offset":
      throw invalid(common, op);
  }
}

function bitwise(context: Context, op: string, left: Expr, right: Expr, type: SqlType): Expr {
  const [a, b] = [implicit(context, left, type).sql, implicit(context, right, type).sql];
  return { sql: op === "^" ? `((${a} | ${b}) - (${a} & ${b}))` : `(${a} ${op} ${b})`, type };
}

/** Integer arithmetic in bigint, with SQL Server's overflow and zero errors. */
function integerOperation(
  op: string,
  size: "tinyint" | "smallint" | "int" | "bigint",
): (a: Stored, b: Stored) => Stored {
  const act: Record<string, (a: bigint, b: bigint) => bigint> = {
    "+": (a, b) => a + b,
    "-": (a, b) => a - b,
    "*": (a, b) => a * b,
    "/": (a, b) => a / b,
    "%": (a, b) => a % b,
  };
  const perform = act[op];
  return (a, b) => {
    if (a === null || b === null || perform === undefined) return null;
    const [x, y] = [BigInt(Number.isInteger(a) ? (a as number) : (a as bigint)), BigInt(b as number | bigint)];
    if (y === 0n && (op === "/" || op === "%")) throw new SqlError("Divide by zero error encountered.");
    const result = perform(x, y);
    if (!inRange(result, size))
      throw new SqlError(`Arithmetic overflow error converting expression to data type ${size}.`);
    return compact(result);
  };
}

function integers(
  context: Context,
  op: string,
  left: Expr,
  right: Expr,
  type: Extract<SqlType, { kind: "int" }>,
): Expr {
  if (op === "&" || op === "|" || op === "^") return bitwise(context, op, left, right, type);
  const [a, b] = [implicit(context, left, type), implicit(context, right, type)];
  return {
    sql: call(
      context,
      `int ${op} ${type.size}`,
      () =>
        (x = null, y = null) =>
          integerOperation(op, type.size)(x, y),
      [a.sql, b.sql],
    ),
    type,
  };
}

function floats(context: Context, op: string, left: Expr, right: Expr): Expr {
  if (op === "%" || op === "&" || op === "|" || op === "^") throw invalid(float, op);
  const type = commonType(left.type, right.type);
  const [a, b] = [implicit(context, left, type), implicit(context, right, type)];
  const body =
    () =>
    (x: Stored = null, y: Stored = null): Stored => {
      if (x === null || y === null) return null;
      const [p, q] = [Number(x), Number(y)];
      if (op === "/" && q === 0) throw new SqlError("Divide by zero error encountered.");
      const result = op === "+" ? p + q : op === "-" ? p - q : op === "*" ? p * q : p / q;
      if (!Number.isFinite(result))
        throw new SqlError("Arithmetic overflow error converting expression to data type float.");
      return result;
    };
  return { sql: call(context, `float ${op}`, body, [a.sql, b.sql]), type };
}

/** `-x`, `+x` and `~x`. */
export function negate(context: Context, body: Node): Expr {
  const op = word(body["op"]) ?? "";
  const value = translate(context, body["expr"] ?? null);
  const { type } = value;
  if (op === "Plus") return value;
  if (op === "BitwiseNot" && type.kind === "int") return { sql: `(~${value.sql})`, type };
  if (op === "BitwiseNot" && type.kind === "bit") return { sql: `(1 - ${value.sql})`, type };
  if (op === "Not") throw new SqlError("Incorrect syntax: a condition stands where a value is expected.");
  if (op !== "Minus") return unsupported(`the operator ${op}`);
  const known = value.constant;
  if (type.kind === "int" && typeof known === "number")
    return { ...constant(-known, type), ...(value.isLiteral ? { isLiteral: true } : {}) };
  if (type.kind === "decimal" && typeof known === "string") {
    if (known === "2147483648" && type.scale === 0) return constant(-2_147_483_648, int);
    return constant(decimalText({ units: -decimalOf(known).units, scale: type.scale }), type);
  }
  if (type.kind === "float" && typeof known === "number") return constant(-known, type);
  if (type.kind === "bit" || type.kind === "text" || type.kind === "guid")
    throw new SqlError(`Operand data type ${typeName(type)} is invalid for minus operator.`);
  if (type.kind === "decimal") {
    const flip = (x: Stored = null): Stored =>
      x === null ? null : decimalText({ units: -decimalOf(String(x)).units, scale: type.scale });
    return { sql: call(context, `decimal minus ${type.scale}`, () => flip, [value.sql]), type };
  }
  return combine(context, "-", constant(0, int), value);
}
