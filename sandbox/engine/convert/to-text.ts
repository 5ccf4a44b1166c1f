import { padded, minuteMs } from "../values/calendar.ts";
import { isDateStyle, printMoment, printTime } from "../values/date-styles.ts";
import { exponentText, floatText, moneyText } from "../values/number-text.ts";
import { SqlError, unsupported } from "../values/sql-error.ts";
import { typeName, type SqlType, type Stored } from "../types.ts";

/** Prints a value of one type; `style` is CONVERT's. */
export type Printer = (value: Exclude<Stored, null>) => string;

/** The utc milliseconds and the zone of a stored datetimeoffset. */
export function readOffset(stored: string): { utc: number; minutes: number } {
  const bar = stored.indexOf("|");
  return { utc: Number(stored.slice(0, bar)), minutes: Number(stored.slice(bar + 1)) };
}

/** `+05:30`, as SQL Server writes a zone. */
function zoneText(minutes: number): string {
  const magnitude = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${padded(Math.floor(magnitude / 60), 2)}:${padded(magnitude % 60, 2)}`;
}

function offsetPrinter(scale: number, style: number): Printer {
  return (value) => {
    const { utc, minutes } = readOffset(String(value));
    const local = utc + minutes * minuteMs;
    if (style === 127) return `${printMoment(utc, 126, "datetime2", scale)}Z`;
    const used = style === 0 ? 121 : style;
    const moment = printMoment(local, used, "datetime2", scale);
    if (moment === undefined)
      throw new SqlError(
        `${style} is not a valid style number when converting from datetimeoffset to a character string.`,
      );
    return used === 126 || /\s/.test(moment) ? `${moment}${used === 126 ? "" : " "}${zoneText(minutes)}` : moment;
  };
}

/** Style 0 prints six digits at most, 1 eight and 2 sixteen with an exponent always. */
function floatPrinter(size: "real" | "float", style: number): Printer {
  if (style === 0) return (value) => floatText(Number(value), 6);
  if (style !== 1 && style !== 2) return unsupported(`CONVERT of a ${size} with style ${style}`);
  return (value) => exponentText(Number(value), style === 1 ? 8 : 16);
}

/** Styles of dates that SQL Server knows and the sandbox does not. */
const otherStyles = new Set([130, 131]);

function badStyle(style: number, from: string): never {
  if (isDateStyle(style) || otherStyles.has(style)) return unsupported(`CONVERT of a ${from} with style ${style}`);
  throw new SqlError(`${style} is not a valid style number when converting from ${from} to a character string.`);
}

function momentPrinter(type: Extract<SqlType, { kind: "moment" }>, style: number): Printer {
  const shape = type.size === "smalldatetime" ? "datetime" : type.size;
  // Style 0 is CONVERT's default; date and datetime2 print as 121 when no style is given.
  const used = style === -1 ? (shape === "datetime" ? 0 : 121) : style;
  return (value) => printMoment(Number(value), used, shape, type.scale) ?? badStyle(style, type.size);
}

/** @param style undefined when none is given */
export function printerOf(type: SqlType, style: number | undefined): Printer {
  switch (type.kind) {
    case "int":
    case "text":
    case "guid":
    case "xml":
    case "null":
      return String;
    case "bit":
      return (value) => (Number(value) === 0 ? "0" : "1");
    case "decimal":
      return type.money === undefined ? String : (value) => moneyText(String(value), style ?? 0);
    case "float":
      return floatPrinter(type.size, style ?? 0);
    case "moment":
      return momentPrinter(type, style ?? -1);
    case "time":
      return (value) => printTime(Number(value), style ?? 121, type.scale) ?? badStyle(style ?? 0, "time");
    case "offset":
      return offsetPrinter(type.scale, style ?? 0);
    case "binary":
      return (value) => {
        const bytes = Buffer.from(value instanceof Uint8Array ? value : []);
        if (style === 1) return `0x${bytes.toString("hex").toUpperCase()}`;
        if (style === 2) return bytes.toString("hex").toUpperCase();
        return bytes.toString("latin1");
      };
  }
}

function tooLong(value: string, from: SqlType, to: Extract<SqlType, { kind: "text" }>, length: number): string {
  const name = typeName(to);
  switch (from.kind) {
    case "int":
      if (from.size !== "bigint" && !to.unicode) return "*".padEnd(to.fixed ? length : 1);
      throw new SqlError(`Arithmetic overflow error converting expression to data type ${name}.`);
    case "decimal":
    case "float":
      throw new SqlError(
        `Arithmetic overflow error converting ${from.kind === "decimal" ? typeName(from) : "expression"} to data type ${name}.`,
      );
    case "guid":
      throw new SqlError("Insufficient result space to convert uniqueidentifier value to char.");
    case "bit":
    case "moment":
    case "time":
    case "offset":
    case "text":
    case "xml":
    case "binary":
    case "null":
      return value.slice(0, length);
  }
}

/** Conversion of any type to text of a length: cut where SQL Server cuts, an error where it raises one. */
export function toText(from: SqlType, to: Extract<SqlType, { kind: "text" }>, style: number | undefined): Printer {
  const print = printerOf(from, style);
  const { length, fixed } = to;
  if (length === "max") return print;
  return (value) => {
    const printed = print(value);
    if (printed.length > length) return tooLong(printed, from, to, length);
    return fixed ? printed.padEnd(length) : printed;
  };
}
