import { dateEnd, dateStart, datetimeStart, dayMs, minuteMs, roundToDatetime, zeroDate } from "../values/calendar.ts";
import { readDateText, type DateOrder, type ReadDate } from "../values/date-text.ts";
import { SqlError, unsupported } from "../values/sql-error.ts";
import { typeName, type SqlType, type Stored } from "../types.ts";
import { readOffset } from "./to-text.ts";

type Some = Exclude<Stored, null>;
type MomentType = Extract<SqlType, { kind: "moment" }>;

const failed = "Conversion failed when converting date and/or time from character string.";

/** How a text is read under a CONVERT style: the order of its numbers. */
const orders = new Map<number, DateOrder>([
  [1, "mdy"],
  [101, "mdy"],
  [10, "mdy"],
  [110, "mdy"],
  [0, "mdy"],
  [100, "mdy"],
  [3, "dmy"],
  [103, "dmy"],
  [4, "dmy"],
  [104, "dmy"],
  [5, "dmy"],
  [105, "dmy"],
  [6, "dmy"],
  [106, "dmy"],
  [13, "dmy"],
  [113, "dmy"],
  [2, "ymd"],
  [102, "ymd"],
  [11, "ymd"],
  [111, "ymd"],
  [12, "ymd"],
  [112, "ymd"],
  [20, "ymd"],
  [120, "ymd"],
  [21, "ymd"],
  [121, "ymd"],
  [23, "ymd"],
  [126, "ymd"],
  [127, "ymd"],
  [7, "mdy"],
  [107, "mdy"],
  [8, "mdy"],
  [108, "mdy"],
  [14, "mdy"],
  [114, "mdy"],
  [9, "mdy"],
  [109, "mdy"],
]);

function outOfRange(from: SqlType, to: MomentType): SqlError {
  return new SqlError(
    `The conversion of a ${typeName(from)} data type to a ${to.size} data type resulted in an out-of-range value.`,
  );
}

/** The moment at the precision of its type, or SQL Server's out-of-range error. */
export function settleMoment(local: number, to: MomentType, from: SqlType): number {
  if (!(local >= dateStart && local < dateEnd)) throw outOfRange(from, to);
  switch (to.size) {
    case "date":
      return Math.floor(local / dayMs) * dayMs;
    case "datetime": {
      const rounded = roundToDatetime(local);
      if (rounded < datetimeStart || rounded >= dateEnd) throw outOfRange(from, to);
      return rounded;
    }
    case "smalldatetime":
      if (local < zeroDate || local >= Date.UTC(2079, 5, 7)) throw outOfRange(from, to);
      return Math.floor((local + 30_001) / minuteMs) * minuteMs;
    case "datetime2": {
      const unit = 10 ** Math.max(0, 3 - to.scale);
      return Math.round(local / unit) * unit;
    }
  }
}

function readFor(text: string, order: DateOrder, from: SqlType, to: MomentType | { size: "time" }): ReadDate {
  // Under a day-first style the order of the rest of such a text is not certain for every type.
  if (order === "dmy" && /^\s*\d{4}[-/.]/.test(text))
    return unsupported("a day-first style for a text that starts with its year");
  const read = readDateText(text, order);
  const coarse = to.size === "datetime" || to.size === "smalldatetime";
  if (read === undefined) {
    const looksNumeric = /^\s*(\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{8})(\s|T|$)/.test(text);
    throw looksNumeric && coarse ? outOfRange(from, to) : new SqlError(failed);
  }
  if (coarse && (read.fractionDigits > 3 || (read.zoneMinutes !== undefined && !/z\s*$/i.test(text))))
    throw new SqlError(failed);
  if (read.local % 1 !== 0 && !coarse && to.size !== "date")
    unsupported("fractions of a second finer than a millisecond");
  return read;
}

/** Conversion of any type to date, datetime, smalldatetime or datetime2. */
export function toMoment(from: SqlType, to: MomentType, style: number | undefined): (value: Some) => Stored {
  switch (from.kind) {
    case "text":
    case "xml": {
      const order = style === undefined ? "mdy" : orders.get(style);
      if (order === undefined) return unsupported(`CONVERT to ${to.size} with style ${style}`);
      return (value) => settleMoment(readFor(String(value), order, from, to).local, to, from);
    }
    case "moment":
      return (value) => settleMoment(Number(value), to, from);
    case "offset":
      return (value) => {
        const { utc, minutes } = readOffset(String(value));
        return settleMoment(utc + minutes * minuteMs, to, from);
      };
    case "time":
      return (value) => settleMoment(zeroDate + Number(value), to, from);
    case "int":
    case "bit":
    case "decimal":
    case "float":
    case "null":
      if (to.size === "date" || to.size === "datetime2") break;
      return (value) => {
        const local = zeroDate + Math.round(Number(value) * dayMs);
        if (local < datetimeStart || local >= dateEnd)
          throw new SqlError(`Arithmetic overflow error converting expression to data type ${to.size}.`);
        return settleMoment(local, to, from);
      };
    case "guid":
    case "binary":
      break;
  }
  return () => {
    throw new SqlError(`Explicit conversion from data type ${typeName(from)} to ${to.size} is not allowed.`);
  };
}

/** Conversion of any type to a time of day, in milliseconds. */
export function toTime(from: SqlType, style: number | undefined): (value: Some) => Stored {
  const ofDay = (local: number): number => ((local % dayMs) + dayMs) % dayMs;
  switch (from.kind) {
    case "text":
    case "xml": {
      const order =
        style === undefined ? "mdy" : (orders.get(style) ?? unsupported(`CONVERT to time with style ${style}`));
      return (value) => ofDay(readFor(String(value), order, from, { size: "time" }).local);
    }
    case "time":
      return (value) => Number(value);
    case "moment":
      if (from.size === "date") break;
      return (value) => ofDay(Number(value));
    case "offset":
      return (value) => {
        const { utc, minutes } = readOffset(String(value));
        return ofDay(utc + minutes * minuteMs);
      };
    case "int":
    case "bit":
    case "decimal":
    case "float":
    case "null":
    case "guid":
    case "binary":
      break;
  }
  return () => {
    throw new SqlError(`Explicit conversion from data type ${typeName(from)} to time is not allowed.`);
  };
}

/** Conversion of any type to datetimeoffset; what has no zone gets +00:00. */
export function toOffset(from: SqlType): (value: Some) => Stored {
  switch (from.kind) {
    case "offset":
      return (value) => value;
    case "moment":
      return (value) => `${Number(value)}|0`;
    case "time":
      return (value) => `${zeroDate + Number(value)}|0`;
    case "text":
    case "xml":
      return (value) => {
        const read = readFor(String(value), "mdy", from, { size: "time" });
        const minutes = read.zoneMinutes ?? 0;
        return `${read.local - minutes * minuteMs}|${minutes}`;
      };
    case "int":
    case "bit":
    case "decimal":
    case "float":
    case "null":
    case "guid":
    case "binary":
      return () => {
        throw new SqlError(`Explicit conversion from data type ${typeName(from)} to datetimeoffset is not allowed.`);
      };
  }
}
