/** Marketing Cloud stamps everything in UTC-6, without daylight saving (MCE 9). */
const serverOffsetMs = -6 * 3_600_000;

/** `2022-04-21T06:56:27.927`: how SOAP objects show a moment (MCE 2.2). */
export function serverIso(epochMs: number): string {
  return new Date(epochMs + serverOffsetMs).toISOString().slice(0, -1);
}

/** `1/16/2026 10:54:35 AM`: AsyncActivityStatus and rowsets (MCE 6, 7.1). */
export function usDate(epochMs: number): string {
  return usFromServer(serverIso(epochMs));
}

/** The same from text in server time, `2026-01-16 10:54:35.000` or with a `T`. Fractions of a second are lost, as in rowsets. */
export function usFromServer(text: string): string {
  const [date = "", time = ""] = text.split(/[ T]/);
  const [year, month, day] = date.split("-").map(Number);
  const [hour = 0, minute = "00", second = "00"] =
    time
      .split(".")[0]
      ?.split(":")
      .map((part, at) => (at === 0 ? Number(part) : part)) ?? [];
  return `${month}/${day}/${year} ${Number(hour) % 12 || 12}:${minute}:${second} ${Number(hour) < 12 ? "AM" : "PM"}`;
}

/** Midnight of the server's day `days` days after `epochMs`, as `RetainUntil` shows it (MCE 4.3). */
export function usMidnight(epochMs: number, days: number, months = 0): string {
  const local = new Date(epochMs + serverOffsetMs);
  const end = new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + months, local.getUTCDate() + days));
  return `${end.getUTCMonth() + 1}/${end.getUTCDate()}/${end.getUTCFullYear()} 12:00:00 AM`;
}

/** Epoch milliseconds of the server's midnight of a day such as `1/17/2026 12:00:00 AM`; undefined for other text. */
export function serverDayStart(text: string): number | undefined {
  const [, month, day, year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})\b/.exec(text) ?? [];
  return year === undefined ? undefined : Date.UTC(Number(year), Number(month) - 1, Number(day)) - serverOffsetMs;
}

/** Epoch milliseconds of a date in a filter: without a zone it is server time; undefined when it is not a date. */
export function readFilterDate(text: string): number | undefined {
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/i.test(text.trim());
  const parsed = Date.parse(zoned ? text : `${text.trim().replace(" ", "T")}Z`);
  const fallback = Number.isNaN(parsed) ? Date.parse(`${text} UTC`) : parsed;
  if (Number.isNaN(fallback)) return undefined;
  return zoned ? fallback : fallback - serverOffsetMs;
}
