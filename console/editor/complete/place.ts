/** Where a completion begins, and what stands before it. */
export type Place = {
  /** The offset where the name that is being typed begins, with its bracket. */
  from: number;
  typed: string;
  /** The bracket is open. */
  isBracketed: boolean;
  /** The names before the dots: `["Ent"]`, `["o"]`. */
  qualifiers: string[];
  /** The text before the name and its qualifiers, without blanks at its end. */
  before: string;
};

const openBracket = /\[(?:[^\]\r\n]|\]\])*$/;
const word = /[\p{L}_@#$][\p{L}\p{M}\p{N}_@#$]*$/u;
const qualifier = /(?:\[((?:[^\]]|\]\])+)\]|([\p{L}_][\p{L}\p{M}\p{N}_@#$]*))\s*\.\s*$/u;
/** As far back as one line of a name and its qualifiers may reach. */
const farBack = 600;

/** Reads what stands before an offset of a text. */
export function placeAt(sql: string, offset: number): Place {
  const head = sql.slice(Math.max(0, offset - farBack), offset);
  const bracket = openBracket.exec(head);
  // A bracket that a name or a closing parenthesis does not follow opens a name.
  const typed = bracket?.[0] ?? word.exec(head)?.[0] ?? "";
  let before = head.slice(0, head.length - typed.length);
  const qualifiers: string[] = [];
  for (let match = qualifier.exec(before); match !== null && qualifiers.length < 2; match = qualifier.exec(before)) {
    qualifiers.unshift(match[1]?.replaceAll("]]", "]") ?? match[2] ?? "");
    before = before.slice(0, match.index);
  }
  const from = offset - typed.length;
  return { from, typed, isBracketed: bracket !== null, qualifiers, before: before.trimEnd() };
}

/** The last word before the place, in capitals; a comma or parenthesis where one stands. */
export function wordBefore({ before }: Place): string {
  return /(?:[\p{L}_]+|[^\s])$/u.exec(before)?.[0].toUpperCase() ?? "";
}
