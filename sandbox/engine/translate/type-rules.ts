import { stronger } from "./collation.ts";
import { SqlError } from "../values/sql-error.ts";
import { decimal, datetime, typeName, type SqlType } from "../types.ts";

type Decimal = Extract<SqlType, { kind: "decimal" }>;
type Text = Extract<SqlType, { kind: "text" }>;

/** SQL Server's data type precedence, low to high. */
const ranks = [
  "null",
  "varbinary",
  "char",
  "varchar",
  "nchar",
  "nvarchar",
  "uniqueidentifier",
  "bit",
  "tinyint",
  "smallint",
  "int",
  "bigint",
  "smallmoney",
  "money",
  "numeric",
  "real",
  "float",
  "time",
  "date",
  "smalldatetime",
  "datetime",
  "datetime2",
  "datetimeoffset",
  "xml",
];

function rank(type: SqlType): number {
  return type.kind === "null" ? 0 : ranks.indexOf(typeName(type));
}

/** The length of a type when it becomes text implicitly. */
function printedLength(type: SqlType): number | "max" {
  switch (type.kind) {
    case "text":
    case "binary":
      return type.length;
    case "xml":
      return "max";
    case "bit":
    case "null":
      return 1;
    case "int":
      return { tinyint: 3, smallint: 6, int: 11, bigint: 20 }[type.size];
    case "decimal":
      return type.precision + 3;
    case "float":
      return 23;
    case "moment":
      return type.size === "date" ? 10 : 27;
    case "time":
      return 16;
    case "offset":
      return 34;
    case "guid":
      return 36;
  }
}

/** Any type as varchar, or itself when it is text. */
export function asText(type: SqlType): Text {
  if (type.kind === "text") return type;
  return { kind: "text", unicode: type.kind === "xml", length: printedLength(type), fixed: false };
}

/** Integers and bits as the decimal that holds them. */
export function asDecimal(type: SqlType): Decimal {
  if (type.kind === "decimal") return type;
  const digits = type.kind === "int" ? { tinyint: 3, smallint: 5, int: 10, bigint: 19 }[type.size] : 1;
  return { kind: "decimal", precision: digits, scale: 0 };
}

function sharedCollation(left: Text, right: Text): Pick<Text, "collation"> {
  const collation = stronger(left.collation, right.collation);
  return collation === undefined ? {} : { collation };
}

function widerText(left: Text, right: Text): Text {
  const length = left.length === "max" || right.length === "max" ? "max" : Math.max(left.length, right.length);
  return {
    kind: "text",
    unicode: left.unicode || right.unicode,
    length,
    fixed: left.fixed && right.fixed && left.length === right.length,
    ...sharedCollation(left, right),
  };
}

function widerDecimal(left: SqlType, right: SqlType): SqlType {
  const [a, b] = [asDecimal(left), asDecimal(right)];
  if (a.money !== undefined && left === a && b.money !== undefined && right === b) return a.money === "money" ? a : b;
  if (left.kind === "decimal" && right.kind === "decimal" && (a.money === undefined) !== (b.money === undefined)) {
    return widerDecimal({ ...decimal(a.precision, a.scale) }, { ...decimal(b.precision, b.scale) });
  }
  if (left.kind !== "decimal" && b.money !== undefined) return b;
  if (right.kind !== "decimal" && a.money !== undefined) return a;
  const scale = Math.max(a.scale, b.scale);
  const whole = Math.max(a.precision - a.scale, b.precision - b.scale);
  return decimal(Math.min(38, whole + scale), whole + scale > 38 ? Math.max(0, 38 - whole) : scale);
}

/** The type two values meet in: comparison, CASE, COALESCE, UNION. */
export function commonType(left: SqlType, right: SqlType): SqlType {
  if (left.kind === "null") return right;
  if (right.kind === "null") return left;
  if (left.kind === "text" && right.kind === "text") return widerText(left, right);
  const [low, high] = rank(left) <= rank(right) ? [left, right] : [right, left];
  if (high.kind === "text") return { ...high, length: widest(low, high) };
  if (high.kind === "decimal") return widerDecimal(low.kind === "text" || low.kind === "binary" ? high : low, high);
  if (high.kind === "moment" && high.size === "datetime2" && (low.kind === "moment" || low.kind === "time"))
    return { ...high, scale: Math.max(high.scale, low.scale) };
  if (
    high.kind === "moment" &&
    (high.size === "date" || high.size === "datetime2") &&
    (low.kind === "int" || low.kind === "bit" || low.kind === "decimal" || low.kind === "float")
  ) {
    throw clash(low, high);
  }
  if (high.kind === "moment" && high.size === "date" && low.kind === "time") throw clash(low, high);
  if (
    (high.kind === "time" || high.kind === "offset") &&
    (low.kind === "int" || low.kind === "bit" || low.kind === "decimal" || low.kind === "float")
  )
    throw clash(low, high);
  if (low.kind === "guid") throw clash(low, high);
  return high;
}

function widest(low: SqlType, high: Text): number | "max" {
  const length = printedLength(low);
  return length === "max" || high.length === "max" ? "max" : Math.max(length, high.length);
}

/** The error for two types without a common one. */
export function clash(left: SqlType, right: SqlType): SqlError {
  return new SqlError(`Operand type clash: ${typeName(left)} is incompatible with ${typeName(right)}`);
}

function settled(precision: number, scale: number, kind: "sum" | "product", whole: number): Decimal {
  if (precision <= 38) return { kind: "decimal", precision, scale };
  if (kind === "sum") return { kind: "decimal", precision: 38, scale: Math.max(0, Math.min(scale, 38 - whole)) };
  const integral = precision - scale;
  return {
    kind: "decimal",
    precision: 38,
    scale: integral <= 32 ? Math.min(scale, 38 - integral) : Math.min(scale, 6),
  };
}

/** Precision and scale of decimal arithmetic, with SQL Server's cuts above 38 digits. */
export function arithmeticDecimal(op: string, a: Decimal, b: Decimal): Decimal {
  const [{ precision: p1, scale: s1 }, { precision: p2, scale: s2 }] = [a, b];
  const whole = Math.max(p1 - s1, p2 - s2);
  const scale = Math.max(s1, s2);
  switch (op) {
    case "*":
      return settled(p1 + p2 + 1, s1 + s2, "product", whole);
    case "/": {
      const quotient = Math.max(6, s1 + p2 + 1);
      return settled(p1 - s1 + s2 + quotient, quotient, "product", whole);
    }
    case "%":
      return settled(Math.min(p1 - s1, p2 - s2) + scale, scale, "sum", whole);
    default:
      return settled(whole + scale + 1, scale, "sum", whole);
  }
}

/** Text of both joined: lengths add up to SQL Server's limit for plain varchar. */
export function joinedText(left: Text, right: Text): SqlType {
  const unicode = left.unicode || right.unicode;
  const limit = unicode ? 4000 : 8000;
  const length = left.length === "max" || right.length === "max" ? "max" : Math.min(limit, left.length + right.length);
  return { kind: "text", unicode, length, fixed: false, ...sharedCollation(left, right) };
}

/** The type in which date functions take a value: its own when it has a date or time, else datetime. */
export function asMoment(type: SqlType): SqlType {
  return type.kind === "moment" || type.kind === "offset" || type.kind === "time" ? type : datetime;
}
