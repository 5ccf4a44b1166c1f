import { dayMs, zeroDate } from "../values/calendar.ts";
import { decimalOf, decimalOfNumber, decimalText, fit, parseDecimal, rescale } from "../values/decimal.ts";
import { SqlError } from "../values/sql-error.ts";
import { typeName, type SqlType, type Stored } from "../types.ts";

type Some = Exclude<Stored, null>;
type IntType = Extract<SqlType, { kind: "int" }>;
type DecimalType = Extract<SqlType, { kind: "decimal" }>;

const ranges: Record<IntType["size"], [bigint, bigint]> = {
  tinyint: [0n, 255n],
  smallint: [-32_768n, 32_767n],
  int: [-2_147_483_648n, 2_147_483_647n],
  bigint: [-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n],
};

/** The integer as the engine stores it: a number where that is exact, else a bigint. */
export function compact(value: bigint): number | bigint {
  return value >= -9_007_199_254_740_991n && value <= 9_007_199_254_740_991n ? Number(value) : value;
}

/** True when the integer fits its type. */
export function inRange(value: bigint, size: IntType["size"]): boolean {
  const [low, high] = ranges[size];
  return value >= low && value <= high;
}

function ranged(value: bigint, to: IntType, message: () => string): number | bigint {
  if (!inRange(value, to.size)) throw new SqlError(message());
  return compact(value);
}

function textToInt(text: string, from: SqlType, to: IntType): number | bigint {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed === "-" || trimmed === "+") return 0;
  if (!/^[+-]?\s*\d+$/.test(trimmed)) {
    if (to.size === "bigint") throw new SqlError(`Error converting data type ${typeName(from)} to bigint.`);
    throw new SqlError(
      `Conversion failed when converting the ${typeName(from)} value '${text}' to data type ${to.size}.`,
    );
  }
  const value = BigInt(trimmed.replace(/^\+|\s/g, ""));
  return ranged(value, to, () =>
    to.size === "bigint"
      ? "Arithmetic overflow error converting expression to data type bigint."
      : `The conversion of the ${typeName(from)} value '${text}' overflowed an ${to.size === "int" ? "int" : to.size === "smallint" ? "INT2" : "INT1"} column.`,
  );
}

/** Days since 1900-01-01, as SQL Server counts a datetime. */
function daysSinceZero(local: number): number {
  return (local - zeroDate) / dayMs;
}

/** Conversion of any type to an integer; fractions are cut, datetimes rounded to the nearest day. */
export function toInt(from: SqlType, to: IntType): (value: Some) => Stored {
  const overflow = (): string =>
    `Arithmetic overflow error converting ${from.kind === "int" ? "expression" : typeName(from)} to data type ${to.size}.`;
  switch (from.kind) {
    case "int":
    case "bit":
    case "null":
      return (value) =>
        ranged(BigInt(Number.isInteger(Number(value)) ? (value as bigint | number) : 0), to, () =>
          to.size === "tinyint" || to.size === "smallint"
            ? `Arithmetic overflow error for data type ${to.size}, value = ${String(value)}.`
            : overflow(),
        );
    case "decimal":
      return (value) => ranged(rescale(decimalOf(String(value)), 0, from.money === undefined).units, to, overflow);
    case "float":
      return (value) => ranged(BigInt(Math.trunc(Number(value))), to, overflow);
    case "text":
    case "xml":
      return (value) => textToInt(String(value), from, to);
    case "moment":
      return (value) => ranged(BigInt(Math.floor(daysSinceZero(Number(value)) + 0.5)), to, overflow);
    case "binary":
      return (value) => {
        const bytes = Buffer.from(value instanceof Uint8Array ? value : []).subarray(to.size === "bigint" ? -8 : -4);
        const unsigned = bytes.length === 0 ? 0n : BigInt(`0x${bytes.toString("hex")}`);
        return compact(BigInt.asIntN(to.size === "bigint" ? 64 : 32, unsigned));
      };
    case "time":
    case "offset":
    case "guid":
      return () => {
        throw new SqlError(`Explicit conversion from data type ${typeName(from)} to ${to.size} is not allowed.`);
      };
  }
}

/** Conversion of any type to a decimal of a precision and scale; rounds, and overflows when the digits do not fit. */
export function toDecimal(from: SqlType, to: DecimalType): (value: Some) => Stored {
  const name = typeName(to);
  const put = (units: bigint, scale: number, source: string): string =>
    decimalText(fit({ units, scale }, to.precision, to.scale, source, name));
  switch (from.kind) {
    case "int":
    case "bit":
    case "null":
      return (value) => put(BigInt(value as number | bigint), 0, from.kind === "null" ? "int" : typeName(from));
    case "decimal":
      return (value) => {
        const { units, scale } = decimalOf(String(value));
        return put(units, scale, "numeric");
      };
    case "float":
      return (value) => {
        const { units, scale } = decimalOfNumber(Number(value));
        return put(units, scale, "float");
      };
    case "text":
    case "xml":
      return (value) => {
        const text =
          to.money === undefined
            ? String(value)
            : String(value)
                .replace(/^\s*([+-]?)\s*[$€£]?/, "$1")
                .replaceAll(",", "") || "0";
        const read = parseDecimal(text);
        if (read !== undefined) return put(read.units, read.scale, typeName(from));
        if (to.money !== undefined)
          throw new SqlError(`Cannot convert a char value to money. The char value has incorrect syntax.`);
        throw new SqlError(`Error converting data type ${typeName(from)} to numeric.`);
      };
    case "moment":
      return (value) => {
        const { units, scale } = decimalOfNumber(daysSinceZero(Number(value)));
        return put(units, scale, typeName(from));
      };
    case "time":
    case "offset":
    case "guid":
    case "binary":
      return () => {
        throw new SqlError(`Explicit conversion from data type ${typeName(from)} to ${name} is not allowed.`);
      };
  }
}

function textToFloat(text: string, from: SqlType): number {
  const trimmed = text.trim();
  if (trimmed === "") return 0;
  const value = /^[+-]?(\d+\.?\d*|\.\d+)([eEdD][+-]?\d*)?$/.test(trimmed)
    ? Number(trimmed.replace(/[dD]/, "e").replace(/e[+-]?$/i, ""))
    : Number.NaN;
  if (!Number.isFinite(value)) throw new SqlError(`Error converting data type ${typeName(from)} to float.`);
  return value;
}

/** Conversion of any type to float or real. */
export function toFloat(from: SqlType, size: "real" | "float"): (value: Some) => Stored {
  const narrow = size === "real" ? Math.fround : (value: number): number => value;
  switch (from.kind) {
    case "int":
    case "bit":
    case "decimal":
    case "float":
    case "null":
      return (value) => narrow(Number(value));
    case "text":
    case "xml":
      return (value) => narrow(textToFloat(String(value), from));
    case "moment":
      return (value) => narrow(daysSinceZero(Number(value)));
    case "time":
    case "offset":
    case "guid":
    case "binary":
      return () => {
        throw new SqlError(`Explicit conversion from data type ${typeName(from)} to ${size} is not allowed.`);
      };
  }
}
