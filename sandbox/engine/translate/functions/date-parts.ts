import { SqlError } from "../../values/sql-error.ts";

/** A part of a date, under its full name. */
export type DatePart =
  | "year"
  | "quarter"
  | "month"
  | "dayofyear"
  | "day"
  | "week"
  | "weekday"
  | "hour"
  | "minute"
  | "second"
  | "millisecond"
  | "microsecond"
  | "nanosecond"
  | "iso_week"
  | "tzoffset";

const names: Record<string, DatePart> = {
  year: "year",
  yy: "year",
  yyyy: "year",
  quarter: "quarter",
  qq: "quarter",
  q: "quarter",
  month: "month",
  mm: "month",
  m: "month",
  dayofyear: "dayofyear",
  dy: "dayofyear",
  y: "dayofyear",
  day: "day",
  dd: "day",
  d: "day",
  week: "week",
  wk: "week",
  ww: "week",
  weekday: "weekday",
  dw: "weekday",
  w: "weekday",
  hour: "hour",
  hh: "hour",
  minute: "minute",
  mi: "minute",
  n: "minute",
  second: "second",
  ss: "second",
  s: "second",
  millisecond: "millisecond",
  ms: "millisecond",
  microsecond: "microsecond",
  mcs: "microsecond",
  nanosecond: "nanosecond",
  ns: "nanosecond",
  iso_week: "iso_week",
  isowk: "iso_week",
  isoww: "iso_week",
  tzoffset: "tzoffset",
  tz: "tzoffset",
};

/** The part an abbreviation means; throws SQL Server's error for any other word. */
export function datePart(word: string, functionName: string): DatePart {
  const part = names[word.toLowerCase()];
  if (part === undefined) throw new SqlError(`'${word}' is not a recognized ${functionName} option.`);
  return part;
}
