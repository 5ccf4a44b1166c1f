import { settledNames, type Unsettled } from "../read/column-names.ts";
import type { TableRef } from "../fields.ts";
import type { Edit } from "../read/reading.ts";
import type { Token } from "./scan.ts";
import { selectItems, type ItemTokens } from "./select-items.ts";
import { bracketed } from "./splice.ts";

/** The name a token means: brackets and quotes removed; nothing for tokens that are no names. */
export function nameOfToken(sql: string, token: Token | undefined): string | undefined {
  if (token === undefined) return undefined;
  const text = sql.slice(token.start, token.end);
  if (token.kind === "word") return text;
  if (token.kind === "bracket") return text.slice(1, -1).replaceAll("]]", "]");
  if (token.kind === "quoted") return text.slice(1, -1).replaceAll('""', '"');
  return undefined;
}

/** Words that end an expression but name nothing. */
const nameless = new Set(["END", "NULL"]);
const fromEnds = new Set(["SELECT", "ON", "WHERE", "GROUP", "HAVING", "ORDER", "UNION", "EXCEPT", "INTERSECT"]);
const tableWords = new Set(["FROM", "JOIN", "APPLY"]);

/** What stands between two parentheses, or outside all of them. */
type Frame = { isInFrom: boolean; hasSelect: boolean };

/** The indexes of the tokens that stand where FROM expects a table. */
export function tablePlaces(tokens: readonly Token[]): number[] {
  const places: number[] = [];
  const outer: Frame[] = [];
  let frame: Frame = { isInFrom: false, hasSelect: false };
  let isExpected = false;
  for (const [index, { upper }] of tokens.entries()) {
    if (upper === "SELECT") frame.hasSelect = true;
    // TRIM('x' FROM …) and IS DISTINCT FROM read no table.
    const isOther = upper === "FROM" && (!frame.hasSelect || tokens[index - 1]?.upper === "DISTINCT");
    if (upper === "(") {
      outer.push(frame);
      frame = { isInFrom: isExpected, hasSelect: false };
    } else if (upper === ")") {
      frame = outer.pop() ?? { isInFrom: false, hasSelect: true };
      isExpected = false;
    } else if (tableWords.has(upper) && !isOther) {
      frame.isInFrom = true;
      isExpected = true;
    } else if (fromEnds.has(upper)) {
      frame.isInFrom = false;
      isExpected = false;
    } else if (upper === ",") isExpected = frame.isInFrom;
    else {
      if (isExpected) places.push(index);
      isExpected = false;
    }
  }
  return places;
}

/**
 * Which tables a text reads, by its tokens: each name behind FROM, JOIN, APPLY or a comma of FROM.
 *
 * For texts the parser does not know. It may take a function or a common table expression for a table.
 */
export function tablesByTokens(sql: string, tokens: readonly Token[]): TableRef[] {
  const found = new Map<string, TableRef>();
  for (const place of tablePlaces(tokens)) {
    const first = nameOfToken(sql, tokens[place]);
    if (first === undefined) continue;
    const ent = first.toLowerCase() === "ent" && tokens[place + 1]?.upper === ".";
    let last = place;
    while (tokens[last + 1]?.upper === ".") last += 2;
    const name = nameOfToken(sql, tokens[last]) ?? first;
    const key = (ent ? "ent." : "") + name.toLowerCase();
    if (!found.has(key)) found.set(key, { name, ent });
  }
  return [...found.values()];
}

type Item = Unsettled & { tokens: ItemTokens; aliasAt?: number };

/** The name a select item gives its column, where an alias of its own stands, and nothing for a star. */
export function itemOf(sql: string, all: readonly Token[], tokens: ItemTokens): Item | undefined {
  const last = all[tokens.end - 1];
  if (last === undefined || last.upper === "*") return undefined;
  const first = nameOfToken(sql, all[tokens.first]);
  if (first !== undefined && all[tokens.first + 1]?.upper === "=")
    return { tokens, name: first, aliasAt: tokens.first };
  const before = tokens.end - tokens.first > 1 ? all[tokens.end - 2] : undefined;
  if (before?.upper === "AS" && last.kind === "string") {
    return {
      tokens,
      name: sql
        .slice(last.start, last.end)
        .replace(/^N?'|'$/gi, "")
        .replaceAll("''", "'"),
      aliasAt: tokens.end - 1,
    };
  }
  const name = nameless.has(last.upper) ? undefined : nameOfToken(sql, last);
  if (name === undefined) return { tokens, name: undefined };
  if (before === undefined || before.upper === ".") return { tokens, name };
  const isOperand = before.kind === "operator" && before.upper !== ")";
  return isOperand ? { tokens, name: undefined } : { tokens, name, aliasAt: tokens.end - 1 };
}

/** The first SELECT whose columns are the text's: behind opening parentheses, or behind the WITH list. */
function mainSelect(tokens: readonly Token[]): number {
  const isWith = tokens[0]?.upper === "WITH";
  let depth = 0;
  for (const [index, { upper }] of tokens.entries()) {
    if (upper === "SELECT" && (!isWith || depth === 0)) return index;
    if (upper === "(") depth += 1;
    if (upper === ")") depth -= 1;
  }
  return -1;
}

/** The items of the SELECT list whose columns are the text's. */
export function mainItems(tokens: readonly Token[]): ItemTokens[] {
  const select = mainSelect(tokens);
  return select < 0 ? [] : selectItems(tokens, select);
}

/** Where the stars among the items of a SELECT list stand. */
export function starsByTokens(
  tokens: readonly Token[],
  items: readonly ItemTokens[],
): { start: number; end: number }[] {
  return items.flatMap(({ first, end }) => {
    const from = tokens[first];
    const last = tokens[end - 1];
    return from !== undefined && last?.upper === "*" ? [{ start: from.start, end: last.end }] : [];
  });
}

/** Column names of a text's SELECT list and the edits that make them distinct; nothing when a star stands in it. */
export function namesByTokens(sql: string, tokens: readonly Token[]): { names: string[]; edits: Edit[] } | undefined {
  const items = mainItems(tokens).map((item) => itemOf(sql, tokens, item));
  const known = items.flatMap((item) => item ?? []);
  if (known.length !== items.length || known.length === 0) return undefined;
  const names = settledNames(known);
  const edits = known.flatMap((item, index) => {
    const name = names[index] ?? "";
    const place = tokens[item.aliasAt ?? item.tokens.end - 1];
    if (item.name === name || place === undefined) return [];
    if (item.aliasAt !== undefined) return [{ start: place.start, end: place.end, text: bracketed(name) }];
    return [{ start: place.end, end: place.end, text: ` AS ${bracketed(name)}` }];
  });
  return { names, edits };
}
