import type { Token } from "./scan.ts";
import { spliced } from "./splice.ts";

/** The index of the token that closes each opening parenthesis. */
function closingIndexes(tokens: readonly Token[]): ReadonlyMap<number, number> {
  const open: number[] = [];
  const closing = new Map<number, number>();
  for (const [index, { upper }] of tokens.entries()) {
    if (upper === "(") open.push(index);
    const opener = upper === ")" ? open.pop() : undefined;
    if (opener !== undefined) closing.set(opener, index);
  }
  return closing;
}

/** What is blanked: its offsets, and the index of the last token that need not be looked at again. */
type Blank = { start: number; end: number; last: number };

type Closing = () => ReadonlyMap<number, number>;

/** What begins at a token and the parser (sqlparser-rs 0.62) does not know; nothing for most tokens. */
function unreadableAt(tokens: readonly Token[], index: number, closing: Closing): Blank | undefined {
  const word = tokens[index]?.upper;
  const next = tokens[index + 1]?.upper;
  const isRollup = word === "WITH" && (next === "ROLLUP" || next === "CUBE");
  const isSets = word === "GROUPING" && next === "SETS";
  const isOption = word === "OPTION" && next === "(";
  const last = isRollup || isSets ? index + 1 : isOption ? closing().get(index + 1) : undefined;
  const start = tokens[index]?.start;
  const end = last === undefined ? undefined : tokens[last]?.end;
  return last === undefined || start === undefined || end === undefined ? undefined : { start, end, last };
}

/** From here on a list is long: real ones hold some thousand keys. */
const longList = 100;

/** All but the first of a long list of values behind the IN at a token: `IN ('a', 'b', …)`. */
function restOfList(tokens: readonly Token[], index: number, closing: Closing): Blank | undefined {
  if (tokens[index]?.upper !== "IN" || tokens[index + 1]?.upper !== "(") return undefined;
  const last = closing().get(index + 1);
  if (last === undefined || last < index + longList) return undefined;
  let start: number | undefined;
  for (let at = index + 2; at < last; at += 1) {
    if (tokens[at]?.upper === "-") at += 1;
    const kind = tokens[at]?.kind;
    if (kind !== "string" && kind !== "number") return undefined;
    at += 1;
    if (at < last && tokens[at]?.upper !== ",") return undefined;
    start ??= tokens[at]?.start;
  }
  const end = tokens[last]?.start;
  return start === undefined || end === undefined ? undefined : { start, end, last };
}

/**
 * The text with blanks, place for place, where clauses stand that the parser does not know and that change no column:
 * `WITH ROLLUP`, `GROUPING SETS`, `OPTION (…)`; and where long lists of values stand, which would only keep it busy.
 *
 * For reading names and types only: it is not what runs.
 */
export function withoutUnreadable(sql: string, tokens: readonly Token[]): string {
  let known: ReadonlyMap<number, number> | undefined;
  const closing: Closing = () => (known ??= closingIndexes(tokens));
  const edits: { start: number; end: number; text: string }[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const found = unreadableAt(tokens, index, closing) ?? restOfList(tokens, index, closing);
    if (found === undefined) continue;
    const { start, end, last } = found;
    edits.push({ start, end, text: blanked(sql.slice(start, end)) });
    index = last;
  }
  return edits.length === 0 ? sql : spliced(sql, edits);
}

/** Blanks in the place of a text, line for line. */
function blanked(text: string): string {
  return text.replace(/[^\r\n]/g, " ");
}

const heads: ReadonlySet<string> = new Set(["SELECT", "WITH", "(", ";"]);

/**
 * The text with blanks, place for place, before its first SELECT outside parentheses, when something else stands there:
 * a DECLARE, an INSERT. Nothing when the text begins as a query does, or has no such SELECT.
 *
 * For reading names and types only: the guard lets no such text run.
 */
export function withoutPreamble(sql: string, tokens: readonly Token[]): string | undefined {
  if (heads.has(tokens[0]?.upper ?? "")) return undefined;
  let depth = 0;
  for (const { upper, start } of tokens) {
    if (upper === "(") depth += 1;
    if (upper === ")") depth -= 1;
    if (upper === "SELECT" && depth === 0) return blanked(sql.slice(0, start)) + sql.slice(start);
  }
  return undefined;
}
