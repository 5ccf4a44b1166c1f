import { isApart, lowered, occurrencesOf, replaced, type Span } from "./find-word.ts";

/**
 * Sentences with quotes around names, not values: the texts of MCE 5.2 and 8.6 and similar ones. The text on both sides
 * of a name must match, so that a value that only looks quoted is not shown.
 */
const names = [
  /(?:Invalid|Ambiguous) (?:column|object) name '[^'"]+'(?=[.,;]|\s*$)/gi,
  /into column '[^'"]+', table '[^'"]+'(?=[.,;])/gi,
  /Field '[^'"]+'(?= is required\b)/gi,
  /Column '[^'"]+'(?= is invalid in the (?:select list|HAVING clause|ORDER BY clause)\b)/gi,
  /The column '[^'"]+' was specified multiple times for '[^'"]+'(?=[.,;]|\s*$)/gi,
  /The correlation name '[^'"]+'(?= (?:is specified multiple times|has the same exposed name))/gi,
  /(?<![^\s:.,;(])'[^\s'"@]{1,40}'(?= is a reserved word\b)/gi,
  /(?<![^\s:.,;(])'[^\s'"@]{1,128}'(?= is not a recognized\b)/gi,
  /The function '[^\s'"@]{1,128}'(?= must have an OVER clause\b)/gi,
  /Adding a value to a '(?:small)?date(?:time(?:2|offset)?)?'(?= column caused\b)/gi,
  /constraint '[^'"]+'(?=\. Cannot insert\b)/gi,
  /in object '[^'"]+'(?=\. The duplicate\b|\.?\s*$)/gi,
  /in object '[^'"]+' with unique index '[^'"]+'(?=\. The duplicate\b|\.?\s*$)/gi,
  /permission was denied on the object '[^'"]+', database '[^'"]+', schema '[^'"]+'(?=\.|\s*$)/gi,
  /truncated in table '[^'"]+', column '[^'"]+'(?=\. Truncated value\b)/gi,
  /near the keyword '[A-Z_]{2,30}'(?=[.,;]|\s*$)/gi,
  /multi-part identifier "[^'"]+"(?= could not be bound\b)/gi,
  /collation conflict between "\w+" and "\w+"(?= in the\b)/gi,
  /Update Type must be 'Update'(?= or the target data extension cannot appear\b)/gi,
] as const;

/** English apostrophes in MCE's and our sentences, which quote nothing. */
const apostrophes =
  /\b(?:are|ca|could|did|does|do|has|have|is|should|was|were|wo|would)n't\b|\b(?:connection|MCE|query|tenant)'s\b/gi;

/** Where SQL Server points into the text: a word of it, a sign, a number. */
const pointed = /\bnear '([^'"]+)'(?=[.,;]|\s|$)/gi;

/** Finds the quotes of a message that are around names, keywords and signs, or quote nothing. @param words of the query */
export function keptQuotes(text: string, words: ReadonlySet<string>): Span[] {
  const sure = [...names, apostrophes, /'…'/g].flatMap((name) => [...text.matchAll(name)]);
  const near = [...text.matchAll(pointed)].filter(({ 1: word = "" }) => isSign(word) || isWord(word, words));
  return [...sure, ...near].map(({ 0: all, index }) => ({ from: index, to: index + all.length }));
}

/** Whether a quoted text is a name or keyword of the query, with or without MCE's prefix of a table name. */
export function isOwnName(text: string, words: ReadonlySet<string>): boolean {
  return /[\p{L}_]/u.test(text) && isWord(text, words);
}

/** MCE's parts of a dotted name: the business unit's schema, and its names for our text and for other units. */
const ownPart = /^(?:c?\d+|dbo|ent|querydef)$/;

function isWord(text: string, words: ReadonlySet<string>): boolean {
  const lower = text.toLowerCase();
  if (words.has(lower)) return true;
  const parts = lower.split(".").map((part) => part.replace(/^\[(.*)\]$/s, "$1"));
  return parts.every((part) => words.has(part) || ownPart.test(part)) && parts.some((part) => words.has(part));
}

function isSign(text: string): boolean {
  return /^[^\p{L}\p{N}\s]{1,2}$/u.test(text);
}

/** Private characters that replace the quotes inside a name while the message is masked. */
const standIns = { "'": "\u{e000}", '"': "\u{e001}" } as const;

/** Hides the quotes inside the query's names: `[What's New]` does not begin a literal. */
export function keepNames(text: string, words: ReadonlySet<string>): string {
  const lower = lowered(text);
  // A name without a letter is too weak.
  const quoting = [...words].filter((word) => /['"]/.test(word) && /\p{L}/u.test(word));
  const found = quoting.flatMap((word) => [...occurrencesOf(word, lower)].filter((span) => isApart(text, span)));
  return replaced(text, found, (name) => name.replaceAll("'", standIns["'"]).replaceAll('"', standIns['"']));
}

/** Undoes `keepNames`. */
export function showNames(text: string): string {
  return text.replaceAll(standIns["'"], "'").replaceAll(standIns['"'], '"');
}
