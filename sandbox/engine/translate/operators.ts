import { compact, inRange } from "../convert/to-number.ts";
import { decimalOf, decimalText, powerOfTen, rescale, type Decimal } from "../values/decimal.ts";
import { SqlError, unsupported } from "../values/sql-error.ts";
import { datetime, float, int, typeName, type SqlType, type Stored } from "../types.ts";
import { settleMoment } from "../convert/to-moment.ts";
import { dayMs, zeroDate } from "../values/calendar.ts";
import { node, variant, word, type Json, type Node } from "./ast.ts";
import type { Context } from "./context.ts";
import { call, cast, constant, implicit, signature, type Expr } from "./expr.ts";
import { translate } from "./recurse.ts";
import { joined } from "./joined.ts";
import { arithmeticDecimal, asDecimal, clash, commonType } from "./type-rules.ts";

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
const words: Record<string, string> = {
  "+": "add",
  "-": "subtract",
  "*": "multiply",
  "/": "divide",
  "%": "modulo",
  "&": "boolean AND",
  "|": "boolean OR",
  "^": "boolean XOR",
};

/** `a + b` and its kin. A chain is read from the left without recursion into it. */
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

function invalid(type: SqlType, op: string): SqlError {
  return new SqlError(`Operand data type ${typeName(type)} is invalid for ${words[op] ?? op} operator.`);
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

/** A whole literal counts with its own digits, not as int's ten: `1.0 / 3` has six decimals. */
function decimalOperand(context: Context, value: Expr, other: Expr): Expr {
  if (value.type.kind === "int" && value.isLiteral && typeof value.constant === "number") {
    const digits = String(value.constant).replace("-", "");
    return cast(context, value, { kind: "decimal", precision: digits.length, scale: 0 });
  }
  if (value.type.kind === "text" || value.type.kind === "binary" || value.type.kind === "null")
    return implicit(context, value, other.type);
  return cast(context, value, asDecimal(value.type));
}

/** Exact arithmetic at the scale SQL Server gives the result; division cuts, multiplication rounds. */
export function decimalOperation(
  op: string,
  type: Extract<SqlType, { kind: "decimal" }>,
): (a: Stored, b: Stored) => Stored {
  return (left, right) => {
    if (left === null || right === null) return null;
    const result = decimalResult(op, decimalOf(String(left)), decimalOf(String(right)), type.scale);
    const magnitude = result.units < 0n ? -result.units : result.units;
    if (magnitude >= powerOfTen(type.precision))
      throw new SqlError("Arithmetic overflow error converting expression to data type numeric.");
    return decimalText(result);
  };
}

function decimalResult(op: string, a: Decimal, b: Decimal, scale: number): Decimal {
  if (op === "*") return rescale({ units: a.units * b.units, scale: a.scale + b.scale }, scale);
  if (op === "/" || op === "%") {
    if (b.units === 0n) throw new SqlError("Divide by zero error encountered.");
    if (op === "/") {
      const lift = scale + b.scale - a.scale;
      const units = lift >= 0 ? (a.units * powerOfTen(lift)) / b.units : a.units / (b.units * powerOfTen(-lift));
      return { units, scale };
    }
  }
  const common = Math.max(a.scale, b.scale);
  const [x, y] = [rescale(a, common).units, rescale(b, common).units];
  const units = op === "+" ? x + y : op === "-" ? x - y : x % y;
  return rescale({ units, scale: common }, scale);
}

function decimals(context: Context, op: string, left: Expr, right: Expr): Expr {
  if (op === "&" || op === "|" || op === "^") throw invalid(left.type.kind === "decimal" ? left.type : right.type, op);
  const [a, b] = [decimalOperand(context, left, right), decimalOperand(context, right, left)];
  if (a.type.kind !== "decimal" || b.type.kind !== "decimal")
    return { sql: "NULL", type: asDecimal(commonType(left.type, right.type)) };
  if (a.type.money !== undefined || b.type.money !== undefined) return unsupported("arithmetic with money");
  const type = arithmeticDecimal(op, a.type, b.type);
  return {
    sql: call(
      context,
      `decimal ${op} ${signature(type)}`,
      () =>
        (x = null, y = null) =>
          decimalOperation(op, type)(x, y),
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

/** `date + 1`, `date - date`: only datetime and smalldatetime know arithmetic, and what is added becomes one of them. */
function dated(context: Context, op: string, left: Expr, right: Expr): Expr {
  const plain = (type: SqlType): boolean =>
    type.kind === "moment" && (type.size === "date" || type.size === "datetime2");
  for (const [own, other] of [
    [left.type, right.type],
    [right.type, left.type],
  ] as const) {
    if (plain(own) || own.kind === "time" || own.kind === "offset") {
      throw other.kind === "int" || other.kind === "decimal" || other.kind === "float" || other.kind === "bit"
        ? clash(own, other)
        : invalid(own, op);
    }
  }
  if (op !== "+" && op !== "-") throw invalid(datetime, op);
  const small =
    left.type.kind === "moment" && right.type.kind === "moment"
      ? left.type.size === "smalldatetime" && right.type.size === "smalldatetime"
      : false;
  const type: SqlType = small ? left.type : datetime;
  const [a, b] = [implicit(context, left, type), implicit(context, right, type)];
  const sign = op === "+" ? 1 : -1;
  const body =
    () =>
    (x: Stored = null, y: Stored = null): Stored => {
      if (x === null || y === null || type.kind !== "moment") return null;
      const local = Number(x) + sign * (Number(y) - zeroDate);
      if (Math.abs(local) > 4000 * 366 * dayMs * 3)
        throw new SqlError("Arithmetic overflow error converting expression to data type datetime.");
      return settleMoment(local, type, datetime);
    };
  return { sql: call(context, `moment ${op} ${signature(type)}`, body, [a.sql, b.sql]), type };
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
