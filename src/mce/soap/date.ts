/** MCE's times are UTC-6, all year (MCE 9). */
const offsetMs = 6 * 60 * 60 * 1000;

/** Formats a time as MCE does: `2026-01-15T00:00:00.000`, UTC-6, without a zone. */
export function mceLocal(epochMs: number): string {
  return new Date(epochMs - offsetMs).toISOString().slice(0, -1);
}

/** Formats a time as MCE's status list does: `1/16/2026 10:54:35 AM`, UTC-6, in whole seconds. */
export function usLocal(epochMs: number): string {
  const at = new Date(epochMs - offsetMs);
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = at.getUTCHours();
  const time = `${hours % 12 || 12}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  return `${at.getUTCMonth() + 1}/${at.getUTCDate()}/${at.getUTCFullYear()} ${time} ${hours < 12 ? "AM" : "PM"}`;
}

/** Reads a SOAP date-time; without a zone it is UTC-6. @returns epoch milliseconds; undefined for any other text */
export function epochOf(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)) return undefined;
  const hasZone = /(?:Z|[+-]\d\d:\d\d)$/i.test(text);
  const at = Date.parse(hasZone ? text : `${text}-06:00`);
  return Number.isNaN(at) ? undefined : at;
}
