import { said } from "./said.ts";
import type { Finding } from "../diagnostic.ts";
import { tablePlaces } from "../text/table-places.ts";
import { isReserved } from "../syntax/reserved.ts";
import { scan, type Token } from "../syntax/scan.ts";
import { bracketed } from "../text/splice.ts";

/** A text and its tokens; `isRead` when it is understood, else `isLost` tells whether the reader lost its way in a part. */
type Written = {
  sql: string;
  tokens: readonly Token[];
  isRead: boolean;
  isLost: (start: number, end: number) => boolean;
};

/** Names that are more than one word, by what they begin with, the longest first. */
type ByFirst = ReadonlyMap<string, readonly string[]>;

const plainName = /^[\p{L}_][\p{L}\p{M}\p{N}_@#$]*$/u;

/** So many names are compared with a text: 10 ms. */
const maxCompared = 200_000;

function byFirst(names: Iterable<string>): ByFirst {
  const found = new Map<string, string[]>();
  for (const name of names) {
    if (plainName.test(name)) continue;
    const first = scan(name).tokens[0];
    const key = first === undefined ? "" : name.slice(first.start, first.end).toLowerCase();
    const known = found.get(key);
    if (known === undefined) found.set(key, [name]);
    else known.push(name);
  }
  for (const list of found.values()) list.sort((one, other) => other.length - one.length);
  return found;
}

/** The longest of the names that the text has at a token, without brackets, as more than this one token. */
function nameAt({ sql }: Written, token: Token, names: ByFirst, desk: { compared: number }): string | undefined {
  if (token.kind === "bracket" || token.kind === "quoted" || token.kind === "string") return undefined;
  for (const name of names.get(sql.slice(token.start, token.end).toLowerCase()) ?? []) {
    desk.compared += 1;
    if (desk.compared > maxCompared) return undefined;
    const end = token.start + name.length;
    // A name of one number is a number; one that begins with # is no name either without brackets.
    const isMore = end > token.end || (end === token.end && token.kind === "temp");
    const isHere = isMore && sql.slice(token.start, end).toLowerCase() === name.toLowerCase();
    if (isHere && !/[\p{L}\p{N}_@#$]/u.test(sql.charAt(end))) return name;
  }
  return undefined;
}

function knownFinding(token: Token, name: string, what: string, isSure: boolean): Finding {
  const remark = {
    ...said("UNBRACKETED_NAME:known", name, what, bracketed(name)),
    severity: isSure ? ("error" as const) : ("warning" as const),
    edits: [{ start: token.start, end: token.start + name.length, text: bracketed(name) }],
  };
  return { start: token.start, end: token.start + name.length, remark };
}

/** Signs that names hold and that no FROM can hold behind a table. */
const nameSigns = new Set(["-", "&", "/", "+", "%", ":", "!", "?"]);
/** Words that are not reserved but begin something behind a table, in T-SQL or elsewhere. */
const behindTable = new Set(["APPLY", "LIMIT", "USING", "MINUS", "WINDOW", "QUALIFY", "NATURAL", "OFFSET"]);

/** Whether a token may be a part of a name that lacks its brackets. */
export function isNamePart(token: Token | undefined): token is Token {
  if (token === undefined) return false;
  if (token.kind === "word") return !isReserved(token.upper) && !behindTable.has(token.upper);
  return token.kind === "number" || token.kind === "temp" || nameSigns.has(token.upper);
}

/** Whether what stands in FROM from this token on can be no table with an alias, but a name of several words. */
function isSeveral(tokens: readonly Token[], place: number): boolean {
  const [first, second, third] = tokens.slice(place, place + 3);
  if (first?.kind === "number") return isNamePart(second);
  if (first?.kind !== "word" || !isNamePart(first) || !isNamePart(second)) return false;
  return second.kind !== "word" || (third?.kind === "word" && isNamePart(third));
}

/** The words before a dot: what the rest of the text calls its tables. */
function prefixesOf(tokens: readonly Token[]): Set<string> {
  return new Set(tokens.flatMap(({ upper }, index) => (tokens[index + 1]?.upper === "." ? [upper] : [])));
}

/** What looks like one name without its brackets, though nobody knows a Data Extension of that name. */
function likelyFinding({ sql, tokens }: Written, place: number, prefixes: ReadonlySet<string>): Finding | undefined {
  const first = tokens[place];
  // A number with a dot behind it is a prefix, of which another rule speaks.
  if (first === undefined || sql[first.end - 1] === "." || !isSeveral(tokens, place)) return undefined;
  let last = place;
  while (isNamePart(tokens[last + 1])) last += 1;
  const end = tokens[last];
  const isAlias = last > place && end?.kind === "word" && prefixes.has(end.upper);
  const name = sql.slice(first.start, tokens[isAlias ? last - 1 : last]?.end).replace(/\s+/g, " ");
  const remark = said("UNBRACKETED_NAME:likely", name, bracketed(name));
  return { start: first.start, end: tokens[isAlias ? last - 1 : last]?.end ?? first.end, remark };
}

/** Data Extensions in FROM whose names need brackets and have none: `FROM 2024 Leads`, `FROM Leads-2024`. */
export function tableBracketFindings(
  written: Written,
  tableNames: readonly string[],
  isTable: (name: string) => boolean,
): Finding[] {
  const { sql, tokens, isRead } = written;
  const names = byFirst(tableNames);
  const prefixes = isRead ? new Set<string>() : prefixesOf(tokens);
  const desk = { compared: 0 };
  return tablePlaces(tokens).flatMap((found) => {
    const place = tokens[found]?.upper === "ENT" && tokens[found + 1]?.upper === "." ? found + 2 : found;
    const token = tokens[place];
    if (token === undefined || (token.kind === "word" && isTable(sql.slice(token.start, token.end)))) return [];
    const name = nameAt(written, token, names, desk);
    if (name !== undefined) return [knownFinding(token, name, "a Data Extension", !isRead)];
    return isRead ? [] : (likelyFinding(written, place, prefixes) ?? []);
  });
}

/** Columns whose names need brackets and have none: `SELECT First Name`, `SELECT e-mail`. */
export function columnBracketFindings(
  written: Written,
  columnNames: ReadonlySet<string>,
  lowerNames: ReadonlySet<string>,
): Finding[] {
  const { sql, tokens, isRead, isLost } = written;
  const names = byFirst(columnNames);
  if (names.size === 0) return [];
  const desk = { compared: 0 };
  return tokens.flatMap((token) => {
    const isColumn = token.kind === "word" && lowerNames.has(sql.slice(token.start, token.end).toLowerCase());
    const name = isColumn ? undefined : nameAt(written, token, names, desk);
    if (name === undefined) return [];
    const isSure = !isRead && isLost(token.start, token.start + name.length);
    return [knownFinding(token, name, "a column", isSure)];
  });
}
