import {
  dateEnd,
  dateStart,
  dayMs,
  dayNames,
  daysInMonth,
  daysOf,
  hourMs,
  localOf,
  minuteMs,
  monthNames,
  partsOf,
  weekdayOf,
} from "../values/calendar.ts";
import { SqlError, unsupported } from "../values/sql-error.ts";
import type { DatePart } from "../translate/functions/date-parts.ts";

function monthsSinceZero(local: number): number {
  const { year, month } = partsOf(local);
  return year * 12 + month - 1;
}

function plusMonths(local: number, months: number): number {
  const parts = partsOf(local);
  const total = parts.year * 12 + parts.month - 1 + months;
  const [year, month] = [Math.floor(total / 12), (((total % 12) + 12) % 12) + 1];
  if (year < 1 || year > 9999) return Number.NaN;
  return localOf({ ...parts, year, month, day: Math.min(parts.day, daysInMonth(year, month)) });
}

const unitMs: Partial<Record<DatePart, number>> = {
  week: 7 * dayMs,
  day: dayMs,
  dayofyear: dayMs,
  weekday: dayMs,
  hour: hourMs,
  minute: minuteMs,
  second: 1000,
  millisecond: 1,
};

/** DATEADD on local milliseconds; a day past the end of the month becomes its last day. Throws SQL Server's overflow error. */
export function addPart(part: DatePart, count: number, local: number, typeName: string): number {
  const months = part === "year" ? 12 : part === "quarter" ? 3 : part === "month" ? 1 : undefined;
  const unit = unitMs[part];
  if (months === undefined && unit === undefined) return unsupported(`DATEADD of ${part}`);
  const result = months === undefined ? local + count * (unit ?? 0) : plusMonths(local, count * months);
  if (!(result >= dateStart && result < dateEnd))
    throw new SqlError(`Adding a value to a '${typeName}' column caused an overflow.`);
  return result;
}

/** DATEDIFF: how many boundaries of a part lie between two moments. Weeks begin on Sunday in every language. */
export function countBoundaries(part: DatePart, from: number, to: number): number {
  switch (part) {
    case "year":
      return partsOf(to).year - partsOf(from).year;
    case "quarter":
      return Math.floor(monthsSinceZero(to) / 3) - Math.floor(monthsSinceZero(from) / 3);
    case "month":
      return monthsSinceZero(to) - monthsSinceZero(from);
    case "week": {
      const week = (local: number): number => Math.floor((Math.floor(local / dayMs) + 4) / 7);
      return week(to) - week(from);
    }
    case "day":
    case "dayofyear":
    case "weekday":
    case "hour":
    case "minute":
    case "second":
    case "millisecond": {
      const unit = unitMs[part] ?? dayMs;
      return Math.floor(to / unit) - Math.floor(from / unit);
    }
    case "microsecond":
      return (to - from) * 1000;
    case "nanosecond":
      return (to - from) * 1_000_000;
    case "iso_week":
    case "tzoffset":
      throw new SqlError(`${part} is not a recognized datediff option.`);
  }
}

function isoWeek(local: number): number {
  const days = Math.floor(local / dayMs);
  const thursday = days - ((weekdayOf(local) + 6) % 7) + 3;
  const { year } = partsOf(thursday * dayMs);
  return Math.floor((thursday - daysOf(year, 1, 1)) / 7) + 1;
}

/** DATEPART; the first day of a week is Sunday (us_english). */
export function partValue(part: DatePart, local: number): number {
  const parts = partsOf(local);
  const newYear = daysOf(parts.year, 1, 1);
  const dayOfYear = Math.floor(local / dayMs) - newYear + 1;
  switch (part) {
    case "year":
    case "month":
    case "day":
    case "hour":
    case "minute":
    case "second":
      return parts[part];
    case "quarter":
      return Math.floor((parts.month - 1) / 3) + 1;
    case "dayofyear":
      return dayOfYear;
    case "week":
      return Math.floor((dayOfYear - 1 + weekdayOf(newYear * dayMs)) / 7) + 1;
    case "weekday":
      return weekdayOf(local) + 1;
    case "millisecond":
      return Math.floor(parts.ms);
    case "microsecond":
      return Math.floor(parts.ms) * 1000;
    case "nanosecond":
      return Math.floor(parts.ms) * 1_000_000;
    case "iso_week":
      return isoWeek(local);
    case "tzoffset":
      return 0;
  }
}

/** DATENAME. */
export function partName(part: DatePart, local: number): string {
  if (part === "month") return monthNames[partsOf(local).month - 1] ?? "";
  if (part === "weekday") return dayNames[weekdayOf(local)] ?? "";
  return String(partValue(part, local));
}

/** The last day of the month `months` away, at midnight. */
export function endOfMonth(local: number, months: number): number {
  const moved = plusMonths(local, months);
  if (Number.isNaN(moved)) throw new SqlError("Adding a value to a 'date' column caused an overflow.");
  const { year, month } = partsOf(moved);
  return daysOf(year, month, daysInMonth(year, month)) * dayMs;
}
