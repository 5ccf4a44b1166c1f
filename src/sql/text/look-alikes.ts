import { given } from "#lang/given.ts";
import advice from "../lint/advice.prose.json" with { type: "json" };
import type { Finding, Remark } from "../diagnostic.ts";
import { codePointOf } from "./code-point.ts";
import { matchesOutside } from "./outside.ts";
import { readQuery } from "../syntax/read-query.ts";
import { beforeUnclosed, type Scan } from "../syntax/scan.ts";
import { bracketed } from "./splice.ts";

/** Signs no T-SQL text can hold outside of strings, brackets and comments, as classes of one kind each. */
const quotes = "´«»‘-‟′″‹›「-』〝-〟＂＇";
const dashes = "‐-―−﹘﹣－⸺⸻";
const isQuote = new RegExp(`[${quotes}]`);
const isDash = new RegExp(`[${dashes}]`);
/** These stand for text in one language and for a name in the other. */
const isDouble = /["“-‟″〝-〟＂]/;
/** Word processors make a long dash of two hyphens. */
const longDashes = /[—―⸺⸻]/;

/** Signs that look like those of SQL, or mean the same elsewhere, and are no other form of the same sign. */
const signs: Readonly<Record<string, string>> = {
  "؛": ";",
  "、": ",",
  "､": ",",
  "،": ",",
  "。": ".",
  "｡": ".",
  "∗": "*",
  "×": "*",
  "⁄": "/",
  "∕": "/",
  "÷": "/",
  "٪": "%",
  "¦": "|",
  "∼": "~",
  "≠": "<>",
  "≤": "<=",
  "≥": ">=",
  "⩽": "<=",
  "⩾": ">=",
  "¬": "NOT",
};
/** Full-width and small forms of SQL's own signs. */
const forms = "\u037e！％-＆（-，．-／：-＞［］＾｜～﹐﹔﹙﹚﹤-﹦";

/** Signs that nobody sees and that part no words: joiners, marks of direction, the soft hyphen. */
const invisible = "\u00ad\u180e\u200c-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufff9-\ufffc";
const isInvisible = new RegExp(`[${invisible}]`);

/** Full-width digits may stand inside a name, as letters may, but begin neither a name nor a number. */
const digits = "０-９";
const isDigit = new RegExp(`[${digits}]`);

const pattern = new RegExp(`[${quotes}${dashes}…•${Object.keys(signs).join("")}${forms}${invisible}${digits}]`, "g");

/** The two joiners are letters' business in some scripts. */
const joins = /[\u200c\u200d]/;
const isForeignLetter = /[\u0370-\uffff]/;

function plainForm(char: string): string {
  return signs[char] ?? char.normalize("NFKC");
}

type Kind = keyof typeof advice.lookAlikes;

function kindOf(char: string): Kind {
  if (isQuote.test(char)) return "quote";
  if (isDash.test(char)) return "dash";
  if (isInvisible.test(char)) return "hidden";
  if (isDigit.test(char)) return "digit";
  return char === "…" ? "dots" : char === "•" ? "bullet" : "sign";
}

/** Whether the sign at an offset is a letter of a word after all: a joiner, or a digit inside a word. */
function belongsToWord(sql: string, char: string, index: number): boolean {
  const before = sql.charAt(index - 1);
  if (joins.test(char)) return isForeignLetter.test(before) && isForeignLetter.test(sql.charAt(index + 1));
  return isDigit.test(char) && /[\p{L}\p{N}_@#$]/u.test(before) && !isDigit.test(before);
}

/** What T-SQL writes for a sign; nothing where that is a guess. */
function plainSign(char: string, isMinus: boolean): string | undefined {
  if (char === "¬") return "NOT ";
  if (longDashes.test(char)) return isMinus ? undefined : "--";
  if (isDash.test(char)) return "-";
  if (isInvisible.test(char) || char === "•") return "";
  return isQuote.test(char) || char === "…" ? undefined : plainForm(char);
}

/** Whether a text could mean minus by its long dashes: it can be read that way. */
function mayBeMinus(sql: string, found: readonly RegExpExecArray[]): boolean {
  if (!found.some(({ 0: char }) => longDashes.test(char))) return false;
  const plain = found.reduceRight((text, { 0: char, index }) => {
    const sign = isQuote.test(char) ? "'" : isDash.test(char) ? "-" : (plainSign(char, true) ?? " ");
    return text.slice(0, index) + sign + text.slice(index + char.length);
  }, sql);
  return readQuery(plain).problems.length === 0;
}

/** Behind these a value stands. */
const beforeValue = /(?:[=<>+]|\b(?:LIKE|THEN|ELSE)|\bIN\s*\([^()]*)\s*$/i;
const maxBefore = 200;

/** Two quotes around a text or a name, by the offset of either; between them stands neither a quote nor a line's end. */
function quotedTexts(sql: string, found: readonly RegExpExecArray[]): Map<number, Pick<Remark, "fix" | "edits">> {
  const edits = new Map<number, Pick<Remark, "fix" | "edits">>();
  const marks = found.filter(({ 0: char }) => isQuote.test(char));
  for (let at = 0; at + 1 < marks.length; at += 2) {
    const [open, close] = [marks[at]?.index ?? 0, marks[at + 1]?.index ?? 0];
    const inside = sql.slice(open + 1, close);
    if (/['\r\n]/.test(inside)) break;
    const before = sql.slice(Math.max(0, open - maxBefore), open);
    const isDoubled = isDouble.test(sql.charAt(open));
    const isName = /\bAS\s*$/i.test(before) || (isDoubled && (before.endsWith(".") || sql[close + 1] === "."));
    if (isDoubled && !isName && !beforeValue.test(before)) continue;
    const text = isName ? bracketed(inside) : `'${inside}'`;
    const both = {
      edits: [{ start: open, end: close + 1, text }],
      ...given({ fix: isName ? `Write ${text}` : undefined }),
    };
    edits.set(open, both).set(close, both);
  }
  return edits;
}

function finding(
  char: string,
  start: number,
  quoted: Pick<Remark, "fix" | "edits"> | undefined,
  isMinus: boolean,
): Finding {
  const end = start + char.length;
  const kind = kindOf(char);
  const [what, advised = ""] = advice.lookAlikes[kind];
  const fix = kind === "digit" || kind === "sign" ? advised + plainForm(char) : advised;
  const plain = plainSign(char, isMinus);
  const edits = plain === undefined ? undefined : [{ start, end, text: plain }];
  const shown = isInvisible.test(char) ? codePointOf(char) : `${char} (${codePointOf(char)})`;
  const message = `${shown} is ${what}: SQL does not know it`;
  return { start, end, remark: { code: "LOOK_ALIKE_SIGN", message, fix, ...given({ edits }), ...quoted } };
}

/** Where a string seems to end by a typographic quote, when its own quote never comes. */
function unclosedString(sql: string, scanned: Scan): Finding[] {
  const [open] = scanned.unclosed;
  if (open?.kind !== "string") return [];
  const tokens = beforeUnclosed(scanned);
  const last = tokens.at(-1)?.kind === "string" ? tokens.at(-1) : tokens.at(-2);
  const from = last?.kind === "string" ? last.start : open.start;
  const index = sql.slice(from).search(/[‘-‛′´＇]/);
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
  const texts = quotedTexts(sql, found);
  const isMinus = mayBeMinus(sql, found);
  return [
    ...found.map(({ 0: char, index }) => finding(char, index, texts.get(index), isMinus)),
    ...unclosedString(sql, scanned),
  ];
}
