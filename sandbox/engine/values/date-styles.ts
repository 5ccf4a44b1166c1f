import { monthNames, padded, partsOf, type DateParts } from "./calendar.ts";

type Pieces = DateParts & {
  yy: string;
  yyyy: string;
  mm: string;
  dd: string;
  mon: string;
  hh: string;
  mi: string;
  ss: string;
  fff: string;
};

function pieces(local: number): Pieces {
  const parts = partsOf(local);
  return {
    ...parts,
    yy: padded(parts.year % 100, 2),
    yyyy: padded(parts.year, 4),
    mm: padded(parts.month, 2),
    dd: padded(parts.day, 2),
    mon: (monthNames[parts.month - 1] ?? "").slice(0, 3),
    hh: padded(parts.hour, 2),
    mi: padded(parts.minute, 2),
    ss: padded(parts.second, 2),
    fff: padded(Math.floor(parts.ms), 3),
  };
}

const hour12 = (p: Pieces): string => String(p.hour % 12 === 0 ? 12 : p.hour % 12).padStart(2, " ");
const half = (p: Pieces): string => (p.hour < 12 ? "AM" : "PM");

/** One style is a date part and a time part, so that date and time values can use their half of it. */
type Style = { day?: (p: Pieces) => string; time?: (p: Pieces) => string; glue?: string };

const clock = (p: Pieces): string => `${p.hh}:${p.mi}:${p.ss}`;
const defaultTime = (p: Pieces): string => `${hour12(p)}:${p.mi}${half(p)}`;

/** CONVERT's styles; those below 14 without century, the same plus 100 with it. */
const styles = new Map<number, Style>([
  [0, { day: (p) => `${p.mon} ${String(p.day).padStart(2)} ${p.yyyy}`, time: defaultTime }],
  [1, { day: (p) => `${p.mm}/${p.dd}/${p.yy}` }],
  [2, { day: (p) => `${p.yy}.${p.mm}.${p.dd}` }],
  [3, { day: (p) => `${p.dd}/${p.mm}/${p.yy}` }],
  [4, { day: (p) => `${p.dd}.${p.mm}.${p.yy}` }],
  [5, { day: (p) => `${p.dd}-${p.mm}-${p.yy}` }],
  [6, { day: (p) => `${p.dd} ${p.mon} ${p.yy}` }],
  [7, { day: (p) => `${p.mon} ${p.dd}, ${p.yy}` }],
  [8, { time: clock }],
  [
    9,
    {
      day: (p) => `${p.mon} ${String(p.day).padStart(2)} ${p.yyyy}`,
      time: (p) => `${hour12(p)}:${p.mi}:${p.ss}:${p.fff}${half(p)}`,
    },
  ],
  [10, { day: (p) => `${p.mm}-${p.dd}-${p.yy}` }],
  [11, { day: (p) => `${p.yy}/${p.mm}/${p.dd}` }],
  [12, { day: (p) => `${p.yy}${p.mm}${p.dd}` }],
  [13, { day: (p) => `${p.dd} ${p.mon} ${p.yyyy}`, time: (p) => `${clock(p)}:${p.fff}` }],
  [14, { time: (p) => `${clock(p)}:${p.fff}` }],
  [20, { day: (p) => `${p.yyyy}-${p.mm}-${p.dd}`, time: clock }],
  [21, { day: (p) => `${p.yyyy}-${p.mm}-${p.dd}`, time: (p) => `${clock(p)}.${p.fff}` }],
  [22, { day: (p) => `${p.mm}/${p.dd}/${p.yy}`, time: (p) => `${hour12(p)}:${p.mi}:${p.ss} ${half(p)}` }],
  [23, { day: (p) => `${p.yyyy}-${p.mm}-${p.dd}` }],
  [24, { time: clock }],
  [101, { day: (p) => `${p.mm}/${p.dd}/${p.yyyy}` }],
  [102, { day: (p) => `${p.yyyy}.${p.mm}.${p.dd}` }],
  [103, { day: (p) => `${p.dd}/${p.mm}/${p.yyyy}` }],
  [104, { day: (p) => `${p.dd}.${p.mm}.${p.yyyy}` }],
  [105, { day: (p) => `${p.dd}-${p.mm}-${p.yyyy}` }],
  [106, { day: (p) => `${p.dd} ${p.mon} ${p.yyyy}` }],
  [107, { day: (p) => `${p.mon} ${p.dd}, ${p.yyyy}` }],
  [110, { day: (p) => `${p.mm}-${p.dd}-${p.yyyy}` }],
  [111, { day: (p) => `${p.yyyy}/${p.mm}/${p.dd}` }],
  [112, { day: (p) => `${p.yyyy}${p.mm}${p.dd}` }],
  [
    126,
    {
      day: (p) => `${p.yyyy}-${p.mm}-${p.dd}`,
      time: (p) => (p.ms === 0 ? clock(p) : `${clock(p)}.${p.fff}`),
      glue: "T",
    },
  ],
]);
const aliases = new Map([
  [100, 0],
  [108, 8],
  [109, 9],
  [113, 13],
  [114, 14],
  [120, 20],
  [121, 21],
  [25, 21],
  [127, 126],
]);

function styleOf(number: number): Style | undefined {
  return styles.get(aliases.get(number) ?? number);
}

/** True for a style CONVERT prints some date with. */
export function isDateStyle(number: number): boolean {
  return styleOf(number) !== undefined;
}

function withFraction(time: string, shape: "datetime" | "datetime2", scale: number, number: number): string {
  // datetime2 and time print as many fraction digits as their scale has in the styles that print any.
  if (shape === "datetime" || !/[.:]\d{3}(?:[AP]M)?$/.test(time)) return time;
  const base = aliases.get(number) ?? number;
  if (![9, 13, 14, 21, 126].includes(base)) return time;
  return time.replace(/([.:])(\d{3})((?:[AP]M)?)$/, (_all, mark: string, fraction: string, tail: string) => {
    const digits = fraction.padEnd(7, "0").slice(0, scale);
    return (digits === "" ? "" : (base === 21 || base === 126 ? "." : mark) + digits) + tail;
  });
}

/** A moment printed in a style, as CONVERT(varchar, x, style) prints it; undefined for an unknown style. */
export function printMoment(
  local: number,
  style: number,
  shape: "date" | "datetime" | "datetime2",
  scale: number,
): string | undefined {
  const known = styleOf(style);
  if (known === undefined) return undefined;
  const p = pieces(local);
  const day = known.day?.(p);
  if (shape === "date") return day;
  let time = known.time?.(p);
  if (time !== undefined) {
    if (shape === "datetime2" && style % 100 === 26 && p.ms === 0) time = `${time}.000`;
    time = withFraction(time, shape, scale, style);
  }
  return [day, time].filter((part) => part !== undefined).join(known.glue ?? " ");
}

/** A time of day printed in a style. */
export function printTime(ms: number, style: number, scale: number): string | undefined {
  const known = styleOf(style);
  if (known?.time === undefined) return undefined;
  const text = known.time(pieces(ms));
  return withFraction(style % 100 === 26 && ms % 1000 === 0 ? `${text}.000` : text, "datetime2", scale, style).trim();
}
