import { dayMs, minuteMs } from "./calendar.ts";

const formats = new Map<string, Intl.DateTimeFormat>();
const known = new Map<string, number>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const made =
    formats.get(zone) ??
    new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  formats.set(zone, made);
  return made;
}

/** How far an IANA zone is ahead of UTC at an instant, in minutes. */
export function offsetAt(zone: string, utc: number): number {
  // No zone changes its offset within a quarter of an hour.
  const slot = Math.floor(utc / (15 * minuteMs));
  const key = `${zone} ${slot}`;
  const cached = known.get(key);
  if (cached !== undefined) return cached;
  const at = slot * 15 * minuteMs;
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const local = Date.UTC(
    parts["year"] ?? 0,
    (parts["month"] ?? 1) - 1,
    parts["day"] ?? 1,
    parts["hour"] ?? 0,
    parts["minute"] ?? 0,
    parts["second"] ?? 0,
  );
  const offset = Math.round((local - at) / minuteMs);
  if (known.size > 20_000) known.clear();
  known.set(key, offset);
  return offset;
}

/**
 * The instant of a wall-clock time in a zone, by the documented rules of AT TIME ZONE: a time that a clock change skips
 * moves ahead by the change; one that it repeats counts as before the change.
 *
 * @see https://learn.microsoft.com/sql/t-sql/queries/at-time-zone-transact-sql
 */
export function instantOfLocal(zone: string, local: number): number {
  const [before, after] = [offsetAt(zone, local - dayMs), offsetAt(zone, local + dayMs)];
  const isShown = (minutes: number): boolean => offsetAt(zone, local - minutes * minuteMs) === minutes;
  const minutes = isShown(before) || !isShown(after) ? before : after;
  return local - minutes * minuteMs;
}
