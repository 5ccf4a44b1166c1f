import { fieldOf, type Column } from "#protocol/column.ts";
import { explainSqlError } from "#sql/error-catalogue.ts";

/** MCE's longest Text (MCE 4.2). */
const maxLength = 4000;
/** Most names in one sentence. */
const namesMax = 10;

/** The columns of a wider table, and a note for the user. */
export type Longer = { columns: readonly Column[]; note: string };

/**
 * Widens the columns of our table for a text that was too long. Pure.
 *
 * The column that MCE names is widened, or every text column if it names none; the others stay as they are. A failed
 * conversion or arithmetic error is in the query itself, so a wider table would not help.
 *
 * @param message MCE's own words about the failure
 * @returns undefined when a wider table would not help
 */
export function longerTexts(columns: readonly Column[], message: string): Longer | undefined {
  const known = explainSqlError(message);
  if (known?.code !== "TRUNCATED") return undefined;
  const lower = message.toLowerCase();
  const named = columns.filter((column) => lower.includes(`column '${fieldOf(column).toLowerCase()}'`));
  const short = (named.length > 0 ? named : columns).filter(canGrow);
  if (short.length === 0) return undefined;
  return {
    columns: columns.map((column) => (short.includes(column) ? { ...column, maxLength } : column)),
    note: `${known.title}: the query was run a second time, with ${namesOf(short)} as Text(${maxLength})`,
  };
}

function canGrow({ type, maxLength: length }: Column): boolean {
  return type === "Text" && length !== undefined && length < maxLength;
}

function namesOf(columns: readonly Column[]): string {
  const names = columns.slice(0, namesMax).map(({ name }) => name);
  const more = columns.length - names.length;
  return names.join(", ") + (more > 0 ? ` and ${more} more` : "");
}
