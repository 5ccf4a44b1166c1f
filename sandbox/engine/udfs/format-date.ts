import { dayNames, monthNames, padded, partsOf, weekdayOf } from "../values/calendar.ts";
import { unsupported } from "../values/sql-error.ts";

/** .NET's standard date formats for en-US. */
const standard: Record<string, string> = {
  d: "M/d/yyyy",
  D: "dddd, MMMM d, yyyy",
  f: "dddd, MMMM d, yyyy h:mm tt",
  F: "dddd, MMMM d, yyyy h:mm:ss tt",
  g: "M/d/yyyy h:mm tt",
  G: "M/d/yyyy h:mm:ss tt",
  m: "MMMM d",
  M: "MMMM d",
  y: "MMMM yyyy",
  Y: "MMMM yyyy",
  s: "yyyy'-'MM'-'dd'T'HH':'mm':'ss",
  t: "h:mm tt",
  T: "h:mm:ss tt",
  u: "yyyy'-'MM'-'dd HH':'mm':'ss'Z'",
  o: "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffff",
  O: "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffff",
};

const tokenPattern = /d+|M+|y+|h+|H+|m+|s+|f+|F+|t+|K|z+|g+|%.|\\.|'[^']*'|"[^"]*"|[^]/g;

function tokenText(token: string, local: number): string {
  const parts = partsOf(local);
  const { length } = token;
  const hour12 = parts.hour % 12 === 0 ? 12 : parts.hour % 12;
  const number = (value: number): string => padded(value, Math.min(2, length));
  switch (token.charAt(0)) {
    case "d":
      return length <= 2
        ? number(parts.day)
        : (dayNames[weekdayOf(local)] ?? "").slice(0, length === 3 ? 3 : undefined);
    case "M":
      return length <= 2
        ? number(parts.month)
        : (monthNames[parts.month - 1] ?? "").slice(0, length === 3 ? 3 : undefined);
    case "y":
      return length <= 2 ? number(parts.year % 100) : padded(parts.year, length);
    case "h":
      return number(hour12);
    case "H":
      return number(parts.hour);
    case "m":
      return number(parts.minute);
    case "s":
      return number(parts.second);
    case "f":
      return padded(Math.floor(parts.ms), 3).padEnd(7, "0").slice(0, length);
    case "t":
      return (parts.hour < 12 ? "AM" : "PM").slice(0, length);
    case "'":
    case '"':
      return token.slice(1, -1);
    case "\\":
      return token.slice(1);
    case "%":
      return tokenText(token.slice(1), local);
    case "F":
    case "K":
    case "z":
    case "g":
      return unsupported(`FORMAT with the date pattern ${token}`);
    default:
      return token;
  }
}

/** A moment by a .NET date pattern or standard format, in English. */
export function formatDate(local: number, format: string): string {
  const pattern =
    format.length === 1
      ? (standard[format] ?? unsupported(`FORMAT with the standard date format '${format}'`))
      : format;
  return (pattern.match(tokenPattern) ?? []).map((token) => tokenText(token, local)).join("");
}
