import type { Cell, Column } from "#client/result-page.ts";
import type { Preferences } from "../../state/preferences.ts";

/** A value as the grid shows it: null as a word, decimals with all their digits, dates as they are stored. */
export function shown(value: Cell, column: Column, times: Preferences["times"] = "stored"): string {
  if (value === null) return "null";
  if (typeof value === "boolean") return value ? "true" : "false";
  if (typeof value === "number") return column.scale === undefined ? String(value) : value.toFixed(column.scale);
  return column.type === "Date" ? shownDate(value, column, times) : value;
}

const moment = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?$/;

/** A moment as it is stored, or told in another zone where its own is proved. */
function shownDate(value: string, { zone }: Column, times: Preferences["times"]): string {
  const match = moment.exec(value);
  if (match === null) return value;
  const [, day = "", time = "", fraction = "", offset] = match;
  if (times === "stored" || zone === undefined || offset === undefined)
    return `${day} ${time}${shortFraction(fraction)}`;
  const date = new Date(value);
  if (times === "utc") return date.toISOString().slice(0, 19).replace("T", " ");
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19).replace("T", " ");
}

function shortFraction(fraction: string): string {
  return /^\.0*$/.test(fraction) ? "" : fraction;
}

/** Whether values of a column stand at its right edge. */
export function isNumeric({ type }: Column): boolean {
  return type === "Number" || type === "Decimal";
}

/** The type of a column in few words. */
export function typeWords({ type, maxLength, precision, scale }: Column): string {
  const name = type === "EmailAddress" ? "Email" : type;
  if (precision !== undefined) return `${name} ${precision},${scale ?? 0}`;
  return maxLength === undefined ? name : `${name} ${maxLength}`;
}
