import type { AskedText } from "./asked-text.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { explainSqlError } from "./error-catalogue.ts";

/** To MCE a view of the parent is a table that a child has not. */
const theirCodes: Readonly<Record<string, string>> = { VIEW_NEEDS_ENT: "UNKNOWN_TABLE" };

/** The same complaint: MCE gives no places, so its own stands where the name it speaks of is met first, or at the text's first word. */
export function isSame(ours: Diagnostic, theirs: Diagnostic, first: Diagnostic | undefined): boolean {
  if ((theirCodes[ours.code] ?? ours.code) !== theirs.code) return false;
  const isHere = (place: Diagnostic): boolean => place.line === theirs.line && place.column === theirs.column;
  if (isHere(ours) || (first !== undefined && isHere(first))) return true;
  const parts = explainSqlError(theirs.message)?.name?.split(".");
  const name = parts?.at(theirs.code === "UNKNOWN_PREFIX" ? 0 : -1);
  return name === undefined || hasWord(ours.message, name);
}

/** Whether a message speaks of a name, and of no longer one. */
function hasWord(message: string, name: string): boolean {
  const [text, word] = [message.toLowerCase(), name.toLowerCase()];
  const at = text.indexOf(word);
  const around = `${text[at - 1] ?? ""} ${text[at + word.length] ?? ""}`;
  return at >= 0 && !/[\p{L}\p{N}_]/u.test(around);
}

/** Names that MCE may have found in a query around theirs. */
export const ofColumns: ReadonlySet<string> = new Set(["UNKNOWN_COLUMN", "UNKNOWN_PREFIX"]);

/** Whether a complaint is about a column of a piece that MCE did not see alone. */
export function openAlone({ of, lines }: AskedText): (ours: Diagnostic) => boolean {
  if (of === undefined) return () => false;
  const places = of.alone.map(({ start, end }) => [lines.at(start), lines.at(end)] as const);
  return ({ code, line, column }) =>
    ofColumns.has(code) &&
    places.some(
      ([from, to]) =>
        (line > from.line || (line === from.line && column >= from.column)) &&
        (line < to.line || (line === to.line && column < to.column)),
    );
}
