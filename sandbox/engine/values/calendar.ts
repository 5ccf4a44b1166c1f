/** Milliseconds of a day and of smaller units. All times here are local wall-clock milliseconds since 1970-01-01 00:00. */
export const dayMs = 86_400_000;
export const hourMs = 3_600_000;
export const minuteMs = 60_000;

export type DateParts = {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  ms: number;
};

/** Days since 1970-01-01 of a proleptic Gregorian date, month 1-12. */
export function daysOf(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The wall-clock parts of a local time. */
export function partsOf(local: number): DateParts {
  const days = Math.floor(local / dayMs);
  const rest = local - days * dayMs;
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthIndex = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthIndex + 2) / 5) + 1,
    hour: Math.floor(rest / hourMs),
    minute: Math.floor(rest / minuteMs) % 60,
    second: Math.floor(rest / 1000) % 60,
    ms: rest % 1000,
  };
}

/** The local time of these parts. */
export function localOf(parts: DateParts): number {
  const { year, month, day, hour, minute, second, ms } = parts;
  return daysOf(year, month, day) * dayMs + hour * hourMs + minute * minuteMs + second * 1000 + ms;
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** Days in a month, month 1-12. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** 0 = Sunday. */
export function weekdayOf(local: number): number {
  return (((Math.floor(local / dayMs) + 4) % 7) + 7) % 7;
}

/** 1900-01-01: where the number 0 lies as a datetime. */
export const zeroDate = daysOf(1900, 1, 1) * dayMs;

/** First representable moments: datetime 1753-01-01, date and datetime2 0001-01-01; all end with the year 9999. */
export const datetimeStart = daysOf(1753, 1, 1) * dayMs;
export const dateStart = daysOf(1, 1, 1) * dayMs;
export const dateEnd = daysOf(10_000, 1, 1) * dayMs;

export const monthNames = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;
export const dayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;

/** A number padded with zeroes. */
export function padded(value: number, width: number): string {
  return String(value).padStart(width, "0");
}

/** SQL Server's datetime knows 1/300 s only: …000, …003, …007. */
export function roundToDatetime(local: number): number {
  const second = Math.floor(local / 1000) * 1000;
  const ticks = Math.round(((local - second) * 3) / 10);
  return second + Math.round((ticks * 10) / 3);
}
