import { fieldOf, type Column } from "#protocol/column.ts";

/** One value of a result row: MCE's text, read by the column's type. */
export type Cell = string | number | boolean | null;

/** A JSON number loses digits beyond this, so such a column comes as strings (DESIGN section 3). */
const exactDigits = 15;

/**
 * Maps MCE's rowset items to typed rows in column order.
 *
 * @param items names in lower case and values as text, as MCE sends them; `""` is null, because MCE sends both alike
 */
export function typedRows(columns: readonly Column[], items: readonly Readonly<Record<string, string>>[]): Cell[][] {
  const keyOf = keyFinder(columns, Object.keys(items[0] ?? {}));
  const readers = columns.map((column) => ({ key: keyOf(fieldOf(column)), read: readerOf(column) }));
  return items.map((item) => readers.map(({ key, read }) => (item[key] ? read(item[key]) : null)));
}

/** Finds MCE's key for a column: its name in lower case, else the only remaining key that matches it. */
function keyFinder(columns: readonly Column[], keys: readonly string[]): (name: string) => string {
  const lowered = new Set(columns.map((column) => fieldOf(column).toLowerCase()));
  const left = Map.groupBy(
    keys.filter((key) => !lowered.has(key)),
    folded,
  );
  return (name) => {
    const exact = name.toLowerCase();
    const [only = exact, ...others] = keys.includes(exact) ? [] : (left.get(folded(name)) ?? []);
    return others.length === 0 ? only : exact;
  };
}

/** A name in lower case. Libraries differ in İ, which becomes i with or without a dot mark, so the mark is dropped. */
function folded(name: string): string {
  return name.toLowerCase().replaceAll("\u0307", "");
}

function readerOf(column: Column): (text: string) => Cell {
  switch (column.type) {
    case "Number":
      return readNumber;
    case "Decimal":
      return (column.precision ?? Infinity) <= exactDigits ? readNumber : (text) => text;
    case "Boolean":
      return readBoolean;
    case "Date": {
      const offset = column.zone === undefined ? "" : offsets[column.zone];
      return (text) => readDate(text, offset);
    }
    case "Text":
    case "EmailAddress":
    case "Phone":
    case "Locale":
      return (text) => text;
  }
}

/** A text that is not a number stays as it is: the wrong type, but not lost. */
function readNumber(text: string): Cell {
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}

function readBoolean(text: string): Cell {
  const known: Record<string, boolean> = { true: true, "1": true, false: false, "0": false };
  return known[text.trim().toLowerCase()] ?? text;
}

/** The offsets of the zones a Date may be in: the server's is UTC-6 all year (MCE 9). */
const offsets = { server: "-06:00", utc: "Z" } as const;

/** `6/23/2024 1:05:00 PM`, with the offset that its expression proves. */
function readDate(text: string, offset: string): Cell {
  const match = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2}):(\d{2}) (AM|PM)$/i.exec(text.trim());
  if (match === null) return text;
  const [, month = "", day = "", year = "", hour = "", minute = "", second = "", half = ""] = match;
  const hours = (Number(hour) % 12) + (half.toUpperCase() === "PM" ? 12 : 0);
  const two = (value: string | number) => String(value).padStart(2, "0");
  return `${year}-${two(month)}-${two(day)}T${two(hours)}:${minute}:${second}${offset}`;
}
