import type { Finding } from "../diagnostic.ts";
import { codePointOf } from "./code-point.ts";
import { matchesOutside } from "./outside.ts";
import { beforeUnclosed, type Scan, type Token } from "../syntax/scan.ts";

/** Signs no T-SQL text can hold outside of strings, brackets and comments: as one text each kind of sign, and what it is. */
const quotes = "‘’‚‛′´‹›＇“”„‟″«»〝〞〟＂「」『』";
const dashes = "‐‑‒–—―−﹘﹣－⸺⸻";

/** Signs that look like those of SQL, or mean the same elsewhere. */
const signs: Readonly<Record<string, string>> = {
  "\u037e": ";",
  "；": ";",
  "؛": ";",
  "﹔": ";",
  "，": ",",
  "、": ",",
  "､": ",",
  "﹐": ",",
  "،": ",",
  "．": ".",
  "。": ".",
  "｡": ".",
  "：": ":",
  "！": "!",
  "（": "(",
  "）": ")",
  "﹙": "(",
  "﹚": ")",
  "［": "[",
  "］": "]",
  "＊": "*",
  "∗": "*",
  "×": "*",
  "＋": "+",
  "／": "/",
  "⁄": "/",
  "∕": "/",
  "÷": "/",
  "％": "%",
  "٪": "%",
  "＆": "&",
  "｜": "|",
  "¦": "|",
  "＾": "^",
  "～": "~",
  "∼": "~",
  "＜": "<",
  "＞": ">",
  "＝": "=",
  "﹤": "<",
  "﹥": ">",
  "﹦": "=",
  "≠": "<>",
  "≤": "<=",
  "≥": ">=",
  "⩽": "<=",
  "⩾": ">=",
  "¬": "NOT",
};

/** Signs that nobody sees and that part no words: joiners, marks of direction, the soft hyphen. */
const invisible = "\u00ad\u180e\u200c-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufff9-\ufffc";
const isInvisible = new RegExp(`[${invisible}]`);

/** Full-width digits may stand inside a name, as letters may, but begin neither a name nor a number. */
const digits = "０-９";
const isDigit = new RegExp(`[${digits}]`);

const pattern = new RegExp(`[${quotes}${dashes}…•${Object.keys(signs).join("")}${invisible}${digits}]`, "g");

/** The two joiners are letters' business in some scripts. */
const joins = /[\u200c\u200d]/;
const isForeignLetter = /[\u0370-\uffff]/;

type Says = { what: string; fix: string };

function saysOf(char: string): Says {
  if (quotes.includes(char)) return { what: "a typographic quote", fix: "Write ' around text, [ ] around a name" };
  if (dashes.includes(char)) return { what: "a dash", fix: "Write - for minus, -- for a comment, [ ] around a name" };
  if (isInvisible.test(char)) return { what: "a sign nobody sees", fix: "Delete it" };
  if (isDigit.test(char)) return { what: "a full-width digit", fix: `Write ${char.normalize("NFKC")}` };
  if (char === "…") return { what: "three dots in one sign", fix: "Write out what it stands for" };
  if (char === "•") return { what: "a bullet", fix: "Delete it" };
  return { what: "a look-alike", fix: `Write ${signs[char] ?? ""}` };
}

/** Whether the sign at an offset is a letter of a word after all: a joiner, or a digit inside a word. */
function belongsToWord(sql: string, char: string, index: number): boolean {
  const before = sql.charAt(index - 1);
  if (joins.test(char)) return isForeignLetter.test(before) && isForeignLetter.test(sql.charAt(index + 1));
  return isDigit.test(char) && /[\p{L}\p{N}_@#$]/u.test(before) && !isDigit.test(before);
}

const aliasAt = new RegExp(`[${quotes}]([^${quotes}'"\\[\\]\\r\\n]{1,128})[${quotes}]`, "y");

/** Where typographic quotes hold an alias, behind AS: the offsets of both quotes and the name as T-SQL writes it. */
function quotedAliases(sql: string, tokens: readonly Token[]): Map<number, string> {
  const found = new Map<number, string>();
  for (const [index, { upper }] of tokens.entries()) {
    const next = tokens[index + 1];
    if (upper !== "AS" || next === undefined) continue;
    aliasAt.lastIndex = next.start;
    const name = aliasAt.exec(sql)?.[1];
    if (name === undefined) continue;
    found.set(next.start, `[${name}]`);
    found.set(next.start + name.length + 1, `[${name}]`);
  }
  return found;
}

function finding(char: string, start: number, alias: string | undefined): Finding {
  const { what, fix } = saysOf(char);
  const shown = isInvisible.test(char) ? codePointOf(char) : `${char} (${codePointOf(char)})`;
  const message = `${shown} is ${what}: SQL does not know it`;
  return {
    start,
    end: start + char.length,
    remark: { code: "LOOK_ALIKE_SIGN", message, fix: alias === undefined ? fix : `Write ${alias}` },
  };
}

/** Where a string seems to end by a typographic quote, when its own quote never comes. */
function unclosedString(sql: string, scanned: Scan): Finding[] {
  const [open] = scanned.unclosed;
  if (open?.kind !== "string") return [];
  const tokens = beforeUnclosed(scanned);
  const last = tokens.at(-1)?.kind === "string" ? tokens.at(-1) : tokens.at(-2);
  const from = last?.kind === "string" ? last.start : open.start;
  const index = sql.slice(from).search(/[‘’‚‛′´＇]/);
  const char = sql.charAt(from + index);
  if (index < 0) return [];
  const message = `${char} (${codePointOf(char)}) is a typographic quote: it closes no string`;
  const remark = { code: "LOOK_ALIKE_SIGN", message, fix: "Write '" };
  return [{ start: from + index, end: from + index + 1, remark }];
}

/**
 * Signs that word processors, chats and other keyboards put in the place of SQL's own: typographic quotes, dashes, full-width
 * punctuation, joiners. SQL Server takes none of them outside of strings, brackets and comments.
 */
export function lookAlikeFindings(sql: string, scanned: Scan): Finding[] {
  const found = matchesOutside(sql, scanned, pattern).filter(({ 0: char, index }) => !belongsToWord(sql, char, index));
  const aliases = found.length === 0 ? new Map<number, string>() : quotedAliases(sql, beforeUnclosed(scanned));
  return [
    ...found.map(({ 0: char, index }) => finding(char, index, aliases.get(index))),
    ...unclosedString(sql, scanned),
  ];
}
