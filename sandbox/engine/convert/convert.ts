import { SqlError, unsupported } from "../values/sql-error.ts";
import { typeName, type SqlType, type Stored } from "../types.ts";
import { toDecimal, toFloat, toInt } from "./to-number.ts";
import { toMoment, toOffset, toTime } from "./to-moment.ts";
import { printerOf, toText } from "./to-text.ts";

/** Converts one stored value; NULL stays NULL. Throws SqlError in SQL Server's words. */
export type Conversion = (value: Stored) => Stored;

type Some = Exclude<Stored, null>;

function toBit(from: SqlType): (value: Some) => Stored {
  if (from.kind !== "text" && from.kind !== "xml") return (value) => (Number(value) === 0 ? 0 : 1);
  return (value) => {
    const word = String(value).trim().toLowerCase();
    if (word === "true") return 1;
    if (word === "false" || word === "") return 0;
    if (/^[+-]?\d+$/.test(word)) return /^[+-]?0+$/.test(word) ? 0 : 1;
    throw new SqlError(
      `Conversion failed when converting the ${typeName(from)} value '${String(value)}' to data type bit.`,
    );
  };
}

function toGuid(from: SqlType): (value: Some) => Stored {
  if (from.kind === "guid") return (value) => value;
  if (from.kind !== "text") return unsupported(`a conversion from ${typeName(from)} to uniqueidentifier`);
  return (value) => {
    const match = /^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/i.exec(String(value));
    if (match?.[1] === undefined)
      throw new SqlError("Conversion failed when converting from a character string to uniqueidentifier.");
    return match[1].toUpperCase();
  };
}

function toBinary(
  from: SqlType,
  to: Extract<SqlType, { kind: "binary" }>,
  style: number | undefined,
): (value: Some) => Stored {
  const cut = (bytes: Uint8Array): Uint8Array => (to.length === "max" ? bytes : bytes.subarray(0, to.length));
  if (from.kind === "binary") return (value) => cut(value instanceof Uint8Array ? value : new Uint8Array());
  if (from.kind !== "text") return unsupported(`a conversion from ${typeName(from)} to varbinary`);
  if (style === 1 || style === 2) return (value) => cut(Buffer.from(String(value).replace(/^0x/i, ""), "hex"));
  return (value) => cut(Buffer.from(String(value), from.unicode ? "utf16le" : "latin1"));
}

function core(from: SqlType, to: SqlType, style: number | undefined): (value: Some) => Stored {
  switch (to.kind) {
    case "text":
      return toText(from, to, style);
    case "int":
      return toInt(from, to);
    case "decimal":
      return toDecimal(from, to);
    case "float":
      return toFloat(from, to.size);
    case "bit":
      return toBit(from);
    case "moment":
      return toMoment(from, to, style);
    case "time":
      return toTime(from, style);
    case "offset":
      return toOffset(from);
    case "guid":
      return toGuid(from);
    case "binary":
      return toBinary(from, to, style);
    case "xml":
      return printerOf(from, undefined);
    case "null":
      return (value) => value;
  }
}

/** The conversion between two types, implicit or by CAST and CONVERT; throws Unsupported when the sandbox has none. */
export function conversion(from: SqlType, to: SqlType, style?: number): Conversion {
  const convert = core(from, to, style);
  return (value) => (value === null ? null : convert(value));
}

/** True when no stored value of `from` looks different as `to`, so that no conversion is needed. */
export function sameStorage(from: SqlType, to: SqlType): boolean {
  if (from.kind === "null") return true;
  if (from.kind !== to.kind) return from.kind === "bit" && to.kind === "int";
  switch (from.kind) {
    case "text":
      return (
        to.kind === "text" && !to.fixed && (to.length === "max" || (from.length !== "max" && from.length <= to.length))
      );
    case "int": {
      const sizes = ["tinyint", "smallint", "int", "bigint"];
      return to.kind === "int" && sizes.indexOf(from.size) <= sizes.indexOf(to.size);
    }
    case "decimal":
      return to.kind === "decimal" && from.scale === to.scale && from.precision <= to.precision;
    case "float":
      return to.kind === "float" && (from.size === to.size || to.size === "float");
    case "moment":
      return (
        to.kind === "moment" &&
        (from.size === to.size || (to.size === "datetime2" && to.scale >= 3)) &&
        from.scale <= to.scale
      );
    case "time":
    case "offset":
    case "guid":
    case "binary":
    case "xml":
    case "bit":
      return true;
  }
}

/** True when SQL Server converts implicitly; otherwise a CAST is needed. */
export function isImplicit(from: SqlType, to: SqlType): boolean {
  const dated = (type: SqlType): boolean => type.kind === "moment" || type.kind === "time" || type.kind === "offset";
  const numeric = (type: SqlType): boolean =>
    type.kind === "int" || type.kind === "bit" || type.kind === "decimal" || type.kind === "float";
  if (dated(from) && numeric(to)) return false;
  if (numeric(from) && dated(to))
    return to.kind === "moment" && (to.size === "datetime" || to.size === "smalldatetime");
  if (from.kind === "moment" && from.size === "date" && to.kind === "time") return false;
  if ((from.kind === "guid" && (numeric(to) || dated(to))) || (to.kind === "guid" && (numeric(from) || dated(from))))
    return false;
  if (from.kind === "text" && to.kind === "binary") return false;
  if (from.kind === "binary" && (to.kind === "float" || dated(to))) return false;
  return true;
}
