import { given } from "#lang/given.ts";
import type { Finding } from "../diagnostic.ts";
import type { Edit } from "../read/reading.ts";
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

/** A name in typographic quotes as T-SQL writes it, and how to write it so. */
type Alias = { name: string; edits: Edit[] };

/** Where typographic quotes hold an alias, behind AS, by the offsets of both quotes. */
function quotedAliases(sql: string, tokens: readonly Token[]): Map<number, Alias> {
  const found = new Map<number, Alias>();
  for (const [index, { upper }] of tokens.entries()) {
    const next = tokens[index + 1];
    if (upper !== "AS" || next === undefined) continue;
    aliasAt.lastIndex = next.start;
    const name = aliasAt.exec(sql)?.[1];
    if (name === undefined) continue;
    const end = next.start + name.length + 2;
    const alias = { name: `[${name}]`, edits: [{ start: next.start, end, text: `[${name}]` }] };
    found.set(next.start, alias).set(end - 1, alias);
  }
  return found;
}

/** What T-SQL writes for a sign; nothing where that is a guess. */
function plainSign(char: string): string | undefined {
  if (char === "¬") return "NOT ";
  // Word processors make a long dash of two hyphens.
  if ("—―⸺⸻".includes(char)) return "--";
  if (dashes.includes(char)) return "-";
  if (isInvisible.test(char) || char === "•") return "";
  return isDigit.test(char) ? char.normalize("NFKC") : signs[char];
}

/** Two quotes around a text, by the offset of either; the text holds neither a quote nor a line's end. */
function quotedTexts(sql: string, found: readonly RegExpExecArray[]): Map<number, Edit[]> {
  const edits = new Map<number, Edit[]>();
  const marks = found.filter(({ 0: char }) => quotes.includes(char));
  for (let at = 0; at + 1 < marks.length; at += 2) {
    const [open, close] = [marks[at]?.index ?? 0, marks[at + 1]?.index ?? 0];
    if (/['\r\n]/.test(sql.slice(open + 1, close))) break;
    const both = [open, close].map((start) => ({ start, end: start + 1, text: "'" }));
    edits.set(open, both).set(close, both);
  }
  return edits;
}

function finding(char: string, start: number, alias: string | undefined, quoted: readonly Edit[] | undefined): Finding {
  const { what, fix } = saysOf(char);
  const plain = plainSign(char);
  const edits = quoted ?? (plain === undefined ? undefined : [{ start, end: start + char.length, text: plain }]);
  const shown = isInvisible.test(char) ? codePointOf(char) : `${char} (${codePointOf(char)})`;
  const message = `${shown} is ${what}: SQL does not know it`;
  return {
    start,
    end: start + char.length,
    remark: {
      code: "LOOK_ALIKE_SIGN",
      message,
      fix: alias === undefined ? fix : `Write ${alias}`,
      ...given({ edits }),
    },
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
  const place = { start: from + index, end: from + index + 1 };
  const remark = { code: "LOOK_ALIKE_SIGN", message, fix: "Write '", edits: [{ ...place, text: "'" }] };
  return [{ ...place, remark }];
}

/** Nobody looks at more of them at once. */
const maxFound = 100;

/**
 * Signs that word processors, chats and other keyboards put in the place of SQL's own: typographic quotes, dashes, full-width
 * punctuation, joiners. SQL Server takes none of them outside of strings, brackets and comments.
 */
export function lookAlikeFindings(sql: string, scanned: Scan): Finding[] {
  const found = matchesOutside(sql, scanned, pattern)
    .filter(({ 0: char, index }) => !belongsToWord(sql, char, index))
    .slice(0, maxFound);
  const aliases = found.length === 0 ? new Map<number, Alias>() : quotedAliases(sql, beforeUnclosed(scanned));
  const texts = quotedTexts(
    sql,
    found.filter(({ index }) => !aliases.has(index)),
  );
  return [
    ...found.map(({ 0: char, index }) => {
      const alias = aliases.get(index);
      return finding(char, index, alias?.name, alias?.edits ?? texts.get(index));
    }),
    ...unclosedString(sql, scanned),
  ];
}
