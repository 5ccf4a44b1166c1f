import { dayMs, daysInMonth, daysOf, hourMs, minuteMs, monthNames, zeroDate } from "./calendar.ts";

/** What a date text means: local milliseconds, how many fraction digits it wrote, and its zone when it names one. */
export type ReadDate = { local: number; fractionDigits: number; zoneMinutes?: number; timeOnly: boolean };

/** The order of numeric dates with separators; the account language us_english reads month first. */
export type DateOrder = "mdy" | "dmy" | "ymd";

const timePattern =
  /^(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:[.:](\d{1,7}))?)?)?\s*(am|pm)?\s*(?:(z)|([+-])(\d{1,2}):(\d{2}))?$/i;

type Time = { ms: number; fractionDigits: number; zoneMinutes?: number };

function readTime(text: string): Time | undefined {
  const match = timePattern.exec(text.trim());
  if (match === null) return undefined;
  const [, hourText = "", minute, second = "0", fraction = "", half, utc, sign, zoneHour = "0", zoneMinute = "0"] =
    match;
  if (minute === undefined && half === undefined) return undefined;
  let hour = Number(hourText);
  if (half !== undefined) {
    if (hour > 12 || hour < 1) {
      if (hour > 12 && hour < 24 && half.toLowerCase() === "pm") hour -= 12;
      else if (hour !== 0 || half.toLowerCase() === "pm") return undefined;
    }
    hour = (hour % 12) + (half.toLowerCase() === "pm" ? 12 : 0);
  }
  if (hour > 23 || Number(minute ?? 0) > 59 || Number(second) > 59) return undefined;
  const ms =
    hour * hourMs + Number(minute ?? 0) * minuteMs + Number(second) * 1000 + Number(`0.${fraction || "0"}`) * 1000;
  const time: Time = { ms, fractionDigits: fraction.length };
  if (utc !== undefined) time.zoneMinutes = 0;
  if (sign !== undefined) {
    const minutes = Number(zoneHour) * 60 + Number(zoneMinute);
    if (minutes > 14 * 60) return undefined;
    time.zoneMinutes = sign === "-" ? -minutes : minutes;
  }
  return time;
}

function fullYear(text: string): number {
  const year = Number(text);
  // Two-digit years: 00-49 are 2000-2049, SQL Server's default cut-off.
  return text.length <= 2 ? year + (year < 50 ? 2000 : 1900) : year;
}

function dayOf(year: number, month: number, day: number): number | undefined {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  return daysOf(year, month, day) * dayMs;
}

function monthNumber(name: string): number | undefined {
  const wanted = name.toLowerCase();
  const at = monthNames.findIndex(
    (month) => month.toLowerCase() === wanted || month.slice(0, 3).toLowerCase() === wanted,
  );
  return at < 0 ? undefined : at + 1;
}

function numericDate(a: string, b: string, c: string, order: DateOrder): number | undefined {
  if (a.length === 4) return dayOf(Number(a), Number(b), Number(c));
  if (c.length === 3 || a.length > 2) return undefined;
  if (order === "ymd") return dayOf(fullYear(a), Number(b), Number(c));
  return order === "mdy" ? dayOf(fullYear(c), Number(a), Number(b)) : dayOf(fullYear(c), Number(b), Number(a));
}

/** The day a text starts with and what follows it. */
function leadingDate(text: string, order: DateOrder): { day: number; rest: string } | undefined {
  const tries: [RegExp, (...parts: string[]) => number | undefined][] = [
    [
      /^(\d{8})(?=$|[\sT])/,
      (digits) => dayOf(Number(digits?.slice(0, 4)), Number(digits?.slice(4, 6)), Number(digits?.slice(6))),
    ],
    [/^(\d{6})(?=$|\s)/, (d = "") => dayOf(fullYear(d.slice(0, 2)), Number(d.slice(2, 4)), Number(d.slice(4)))],
    [
      /^(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?=$|[\sT])/,
      (a = "", _mark = "", b = "", c = "") => numericDate(a, b, c, order),
    ],
    [/^([a-z]{3,9})\.?\s+(\d{1,2})(?:,\s*|\s+)(\d{4}|\d{2})(?=$|\s)/i, (m = "", d = "", y = "") => named(y, m, d)],
    [/^(\d{1,2})[-\s]+([a-z]{3,9})[-,\s]+(\d{4}|\d{2})(?=$|\s)/i, (d = "", m = "", y = "") => named(y, m, d)],
    [/^(\d{4})[-\s]+([a-z]{3,9})[-\s]+(\d{1,2})(?=$|\s)/i, (y = "", m = "", d = "") => named(y, m, d)],
    [/^([a-z]{3,9})\.?\s+(\d{4})(?=$|\s)/i, (m = "", y = "") => named(y, m, "1")],
    [/^(\d{4})$/, (y = "") => dayOf(Number(y), 1, 1)],
  ];
  for (const [pattern, read] of tries) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const day = read(...match.slice(1));
    return day === undefined ? undefined : { day, rest: text.slice(match[0].length) };
  }
  return undefined;
}

function named(year: string, month: string, day: string): number | undefined {
  const number = monthNumber(month);
  return number === undefined ? undefined : dayOf(fullYear(year), number, Number(day));
}

/**
 * Reads a text as SQL Server's CAST to a date type does under us_english: ISO, compact, numeric and named forms, a
 * time alone (on 1900-01-01) and the empty text (1900-01-01). Undefined for anything else.
 */
export function readDateText(raw: string, order: DateOrder = "mdy"): ReadDate | undefined {
  const text = raw.trim();
  if (text === "") return { local: zeroDate, fractionDigits: 0, timeOnly: false };
  const leading = leadingDate(text, order);
  if (leading === undefined) {
    const time = readTime(text);
    if (time === undefined) return undefined;
    const { ms, ...rest } = time;
    return { local: zeroDate + ms, timeOnly: true, ...rest };
  }
  const rest = leading.rest.replace(/^T/i, "").trim();
  if (rest === "") return { local: leading.day, fractionDigits: 0, timeOnly: false };
  const time = readTime(rest);
  if (time === undefined) return undefined;
  const { ms, ...others } = time;
  return { local: leading.day + ms, timeOnly: false, ...others };
}
