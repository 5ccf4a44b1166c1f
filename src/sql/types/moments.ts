import type { Arithmetic, Expression } from "../syntax/expression-tree.ts";
import type { Node } from "../syntax/tree.ts";
import { literalNumber, literalText } from "./literals.ts";
import { writtenMoment } from "./written-moment.ts";
import { upperCase } from "../text/upper-case.ts";

/** How long a date part is, in milliseconds: a month, a quarter and a year on average, which does for windows of months. */
const dayMs = 86_400_000;
const partMs: Readonly<Record<string, number>> = {
  year: 365.2425 * dayMs,
  quarter: 91.310625 * dayMs,
  month: 30.436875 * dayMs,
  week: 7 * dayMs,
  day: dayMs,
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
  millisecond: 1,
  dayofyear: dayMs,
  weekday: dayMs,
};

/** T-SQL's other words for date parts (learn.microsoft.com, "DATEADD"). */
const partWords: Readonly<Record<string, string>> = {
  yy: "year",
  yyyy: "year",
  qq: "quarter",
  q: "quarter",
  mm: "month",
  m: "month",
  wk: "week",
  ww: "week",
  dd: "day",
  d: "day",
  dy: "dayofyear",
  y: "dayofyear",
  dw: "weekday",
  w: "weekday",
  hh: "hour",
  mi: "minute",
  n: "minute",
  ss: "second",
  s: "second",
  ms: "millisecond",
  mcs: "microsecond",
  ns: "nanosecond",
  tz: "tzoffset",
  isowk: "iso_week",
  isoww: "iso_week",
};

/** A function's upper-cased name and its arguments; nothing for other expressions. */
export function callOf(expression: Node | undefined): { name: string; args: readonly Expression[] } | undefined {
  if (expression?.kind !== "call") return undefined;
  const name = upperCase(expression.name.at(-1)?.value ?? "");
  return { name, args: expression.args.filter(({ kind }) => kind !== "star") };
}

/** How many milliseconds one of a date part is: `month`, `mm`, `'day'`; nothing for a word that is no part. */
export function lengthOfPart(expression: Expression | undefined): number | undefined {
  const part = partOf(expression);
  return part === undefined ? undefined : partMs[part];
}

/** The date part a word names, in its long form; nothing for a word that is no part, or one without a length. */
export function partOf(expression: Expression | undefined): string | undefined {
  const part = longPart(partWord(expression) ?? literalText(expression) ?? "");
  return Object.hasOwn(partMs, part) ? part : undefined;
}

/** A date part in its long form: `year` for `yy`; other words as they are, in lower case. */
export function longPart(word: string): string {
  const lower = word.toLowerCase();
  return Object.hasOwn(partWords, lower) ? (partWords[lower] ?? lower) : lower;
}

/** The word that stands where a date part may. */
export function partWord(expression: Expression | undefined): string | undefined {
  if (expression?.kind === "keyword") return expression.value;
  return expression?.kind === "column" && expression.parts.length === 1 ? expression.parts[0]?.value : undefined;
}

/** What CAST, CONVERT, AT TIME ZONE and parentheses stand around: hours do not matter here. */
export function unconverted(expression: Expression | undefined): Expression | undefined {
  if (expression?.kind === "parens") return unconverted(expression.inner);
  const isConverted = expression?.kind === "cast" || expression?.kind === "at-time-zone";
  return isConverted ? unconverted(expression.operand) : expression;
}

const clocks = new Set([
  "GETDATE",
  "GETUTCDATE",
  "CURRENT_TIMESTAMP",
  "SYSDATETIME",
  "SYSUTCDATETIME",
  "SYSDATETIMEOFFSET",
]);

/** The first day T-SQL counts from: `DATEADD(MONTH, DATEDIFF(MONTH, 0, GETDATE()), 0)` is the first of this month. */
const dayZero = Date.UTC(1900, 0, 1);

/** The moment an expression means, to within a day, in epoch milliseconds; nothing where that takes a row or is not known. */
export function momentOf(expression: Expression | undefined, now: number): number | undefined {
  const inner = unconverted(expression);
  const text = literalText(inner);
  if (text !== undefined) return writtenMoment(text);
  const days = literalNumber(inner);
  if (days !== undefined) return dayZero + days * dayMs;
  if (inner?.kind === "arithmetic") return movedMoment(inner, now);
  const call = callOf(inner);
  return call && calledMoment(call.name, call.args, now);
}

/** `GETDATE() - 7`: a moment and so many days. */
function movedMoment({ operands, operators }: Arithmetic, now: number): number | undefined {
  let moment = momentOf(operands[0], now);
  for (const [index, { text }] of operators.entries()) {
    const count = numberOf(operands[index + 1], now);
    const sign = text === "-" ? -1 : text === "+" ? 1 : undefined;
    if (moment === undefined || count === undefined || sign === undefined) return undefined;
    moment += sign * count * dayMs;
  }
  return moment;
}

function calledMoment(name: string, args: readonly Expression[], now: number): number | undefined {
  if (clocks.has(name)) return now;
  const [first, second, third] = args;
  switch (name) {
    case "DATEADD": {
      const [part, count, from] = [partOf(first), numberOf(second, now), momentOf(third, now)];
      return part === undefined || count === undefined || from === undefined ? undefined : added(from, part, count);
    }
    case "DATETRUNC":
      return momentOf(second, now);
    case "EOMONTH": {
      const from = momentOf(first, now);
      const months = second === undefined ? 0 : numberOf(second, now);
      if (from === undefined || months === undefined) return undefined;
      const date = new Date(from);
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 0);
    }
    case "DATEFROMPARTS": {
      const [year, month, day] = args.map((arg) => numberOf(arg, now));
      return year === undefined || month === undefined || day === undefined
        ? undefined
        : Date.UTC(year, month - 1, day);
    }
    default:
      return undefined;
  }
}

/** A moment so many of a date part later, by the calendar. */
export function added(from: number, part: string, count: number): number {
  const date = new Date(from);
  const months = { year: 12, quarter: 3, month: 1 }[part];
  if (months === undefined) return from + count * (partMs[part] ?? 0);
  date.setUTCMonth(date.getUTCMonth() + months * Math.trunc(count));
  return date.getTime();
}

/** The moment the year, month or day of a moment began. */
export function startOf(moment: number, part: string): number {
  const date = new Date(moment);
  if (part === "year") return Date.UTC(date.getUTCFullYear(), 0, 1);
  const day = part === "month" ? 1 : date.getUTCDate();
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), day);
}

/** The number an expression means when the clock says `now`; nothing where that takes a row or is not known. */
export function numberOf(expression: Expression | undefined, now: number): number | undefined {
  const inner = unconverted(expression);
  const text = literalText(inner);
  const literal = literalNumber(inner) ?? (text !== undefined && /^\s*-?\d+\s*$/.test(text) ? Number(text) : undefined);
  if (literal !== undefined) return literal;
  if (inner?.kind === "unary" && inner.operator === "-") {
    const value = numberOf(inner.operand, now);
    return value === undefined ? undefined : -value;
  }
  if (inner?.kind === "arithmetic") return calculated(inner, now);
  const call = callOf(inner);
  return call && calledNumber(call.name, call.args, now);
}

function calculated({ operands, operators }: Arithmetic, now: number): number | undefined {
  let number = numberOf(operands[0], now);
  for (const [index, { text }] of operators.entries()) {
    const next = numberOf(operands[index + 1], now);
    if (number === undefined || next === undefined) return undefined;
    if (text === "+") number += next;
    else if (text === "-") number -= next;
    else if (text === "*") number *= next;
    else return undefined;
  }
  return number;
}

function calledNumber(name: string, args: readonly Expression[], now: number): number | undefined {
  const [first, second, third] = args;
  if (name === "DATEDIFF" || name === "DATEDIFF_BIG") {
    const [part, from, to] = [partOf(first), momentOf(second, now), momentOf(third, now)];
    return part === undefined || from === undefined || to === undefined ? undefined : boundaries(part, from, to);
  }
  const isPart = name === "DATEPART";
  const part = isPart ? partOf(first) : name.toLowerCase();
  const moment = momentOf(isPart ? second : first, now);
  if (moment === undefined) return undefined;
  const date = new Date(moment);
  if (part === "year") return date.getUTCFullYear();
  if (part === "month") return date.getUTCMonth() + 1;
  return part === "day" ? date.getUTCDate() : undefined;
}

/** DATEDIFF counts the boundaries between two moments. */
function boundaries(part: string, from: number, to: number): number {
  const [start, end] = [new Date(from), new Date(to)];
  const years = end.getUTCFullYear() - start.getUTCFullYear();
  if (part === "year") return years;
  const months = years * 12 + end.getUTCMonth() - start.getUTCMonth();
  if (part === "month") return months;
  return part === "quarter" ? Math.round(months / 3) : Math.floor((to - from) / (partMs[part] ?? dayMs));
}
