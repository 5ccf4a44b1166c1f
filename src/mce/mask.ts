import type { QueryText } from "./query-text.ts";
import type { MceFailure } from "./failure.ts";
import { ownSentence } from "./own-sentence.ts";
import { isOwnName, keepNames, keptQuotes, showNames } from "./mask-names.ts";
import { literalSpans } from "./mask-literals.ts";
import { replaced, type Span } from "./find-word.ts";

/** Longer messages are cut. A cut literal is masked to the end. */
const maxLength = 4000;

const ellipsis = "…";
const unknown: QueryText = { words: new Set(), literals: new Set() };

/**
 * Takes row values and the query's string literals out of a message of MCE (R13): quoted literals, key tuples,
 * overflowed numbers, e-mail addresses. When in doubt it masks more: a value may itself hold quotes and brackets, and
 * MCE escapes neither.
 *
 * A quoted text stays when MCE's sentence can only mean a name or keyword, and when it is a word of the query outside all
 * literals: its author knows it. A value equal to such a word reveals no more than the query does.
 *
 * @param text MCE's own words, unmasked, and no sentence of ours
 * @param query the text that MCE means; without it, words that only it could justify are masked too
 * @returns the text with `…` in place of values; masking it again changes nothing
 */
export function maskValues(text: string, query: QueryText = unknown): string {
  const named = keepNames(text.slice(0, maxLength), query.words);
  const bare = replaced(named, [...literalSpans(named, query), ...valueSpans(named)], () => ellipsis);
  return showNames(maskAddress(maskQuoted(bare, query)));
}

/** Returns a failure's message as it may be shown: our sentence as it is, MCE's words after it masked. */
export function shownMessage({ message }: Pick<MceFailure, "message">, query?: QueryText): string {
  const own = ownSentence.exec(message)?.[0] ?? "";
  return own + maskValues(message.slice(own.length), query);
}

/** What comes before a value and what may follow it. An invalid e-mail address need not look like one. */
const places: readonly { opening: RegExp; closing: RegExp }[] = [
  {
    opening: /^(?=[\s\S]* is not a valid e-?mail address)/gi,
    closing: / is not a valid e-?mail address(?![\s\S]* is not a valid e-?mail address)/i,
  },
  { opening: /\binvalid e-?mail address(?:es)?[:\s]+(?=\S)/gi, closing: /\.\s*$/ },
  { opening: /duplicate key value is \(/gi, closing: ending(/\)/) },
  { opening: /\bvalue '/gi, closing: ending(/'(?: to data type %| overflowed an? %(?: column)?)/) },
  { opening: /Truncated value: '/gi, closing: ending(/'/) },
];

/**
 * Finds the values in SQL Server's and MCE's sentences: from the end of the opening to the end of the text, without the
 * closing. A value may contain anything that looks like its end, so only the very end of the text counts.
 */
function valueSpans(text: string): Span[] {
  const spans = [...text.matchAll(overflowed)].map(({ 0: all, index, 1: number = "" }) => {
    const to = index + all.length;
    return { from: to - number.length, to };
  });
  for (const { opening, closing } of places) {
    const opened = [...text.matchAll(opening)].map(({ 0: all, index }) => index + all.length);
    const from = opened.find((at) => !spans.some((span) => at > span.from && at < span.to));
    if (from === undefined) continue;
    const closed = closing.exec(text.slice(from));
    spans.push({ from, to: closed === null ? text.length : from + closed.index });
  }
  return spans;
}

/** "Arithmetic overflow error for data type int, value = 4711." */
const overflowed = /\bvalue\s*=\s*([-+]?\d[\d.,]*(?:e[-+]?\d+)?)/gi;

/** Matches SQL Server's last words after a value, up to the end of the text. `%` stands for the name of a type. */
function ending(closing: RegExp): RegExp {
  const type = String.raw`(?:(?:tiny|small|big)?int[12]?|bit|decimal|numeric|(?:small)?money|float|real|date|time|(?:small)?datetime(?:2|offset)?|n?(?:var)?char|uniqueidentifier|(?:var)?binary)`;
  return new RegExp(
    `${closing.source.replaceAll("%", type)}\\.?\\s*(?:The statement has been terminated|Use a larger integer column)?\\.?\\s*$`,
    "i",
  );
}

/**
 * Masks from the first quote to the last one if there is a quote that is not around a name, and to the end of the text if
 * their number is odd. MCE does not escape quotes, so next to a literal the inside of another one and the outside of a
 * name look the same. A single pair around a word of the query holds nothing else.
 */
function maskQuoted(text: string, { words }: QueryText): string {
  const kept = keptQuotes(text, words);
  const quotes = [...text.matchAll(/['"]/g)].map(({ index }) => index);
  const strange = quotes.filter((index) => !kept.some(({ from, to }) => index >= from && index < to));
  const [first, last] = [quotes.at(0), quotes.at(-1)];
  const [open, close] = strange;
  if (first === undefined || last === undefined || open === undefined) return text;
  const isPair = close !== undefined && strange.length === 2;
  if (isPair && isOwnName(text.slice(open + 1, close), words)) return text;
  const tail = strange.length % 2 === 0 ? `'${text.slice(last + 1)}` : "";
  return `${text.slice(0, first)}'${ellipsis}${tail}`;
}

function maskAddress(text: string): string {
  return text.replace(/[^\s<>(),;:]+@[^\s<>(),;:]+/g, ellipsis);
}
