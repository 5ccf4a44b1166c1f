import type { Column } from "#protocol/column.ts";
import { explainSqlError } from "#sql/error-catalogue.ts";

/** MCE's longest Text (MCE 4.2). */
const maxLength = 4000;
/** As many names as a sentence bears. */
const namesMax = 10;

/** The columns of a table that may hold what did not fit, and what its user is to be told. */
export type Longer = { columns: readonly Column[]; note: string };

/**
 * Says how a table of ours has to grow to hold the text that was too long for it. Pure.
 *
 * The text that MCE names grows, or every one where it names none; all other columns stay as they are. What cannot be
 * converted or counted fails in the query itself, and no table of ours would help.
 *
 * @param message MCE's own words about the failure
 * @returns undefined where a longer text helps nothing
 */
export function longerTexts(columns: readonly Column[], message: string): Longer | undefined {
  const known = explainSqlError(message);
  if (known?.code !== "TRUNCATED") return undefined;
  const said = message.toLowerCase();
  const named = columns.filter(({ name }) => said.includes(`column '${name.toLowerCase()}'`));
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
