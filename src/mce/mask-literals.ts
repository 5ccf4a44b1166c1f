import { isApart, lowered, occurrencesOf, type Span } from "./find-word.ts";
import type { QueryText } from "./query-text.ts";
import { isOwnName } from "./mask-names.ts";

/** Words of MCE's own sentences (MCE 5.2, 8.6). A literal of these words alone reveals nothing, unless it is quoted. */
const usual: ReadonlySet<string> = new Set(
  ` a about add address aggregate all allowed already an and any appear are argument as at be been bound broken build by
  cannot changes check checking clause column columns common complete condition constraint contained contains conversion
  converting could data database date deadlocked delete derived does duplicate either email encountered error errors
  exclusion execution expected expression extension failed fails failure field file first for from function functions
  given group has have heads identifier in inline insert internal into invalid is it its key keyword length list locked
  longer may message missing more multi multiple must name named near nested no not null number object occurred of on
  only operation or order out overflow part permission please primary processed queries query reason record refused
  required rerun reserved result row rows saving select server specification specified statement status string
  subqueries subscriber syntax system table target terminated text than that the this time to too transaction truncated
  type unable unknown unless up update used valid value values varchar victim view views violation was where while with
  without word would you your zero`.split(/\s+/),
);

/**
 * Finds the query's string literals in a message, quoted or not. A literal that is also a word of the text does not
 * count, nor does one of MCE's usual words without quotes: it is not the literal that appears there.
 */
export function literalSpans(text: string, { words, literals }: QueryText): Span[] {
  const lower = lowered(text);
  const kept = keptSpans(text, words);
  const found: Span[] = [];
  for (const literal of literals) {
    const wanted = lowered(literal.trim());
    if (words.has(wanted)) continue;
    for (const span of occurrencesOf(wanted, lower)) {
      if (kept.some(({ from, to }) => span.from >= from && span.to <= to)) continue;
      if (isQuoted(text, span) || isTelling(text, span)) found.push(span);
    }
  }
  return found;
}

/** Fixed sentences of MCE, what SQL Server calls keywords, and quoted names of the query. */
function keptSpans(text: string, words: ReadonlySet<string>): Span[] {
  const fixed = [/Update Type must be 'Update'/gi, /near the keyword '[A-Z_]{2,30}'/gi];
  const sure = fixed.flatMap((sentence) => [...text.matchAll(sentence)]);
  const quoted = [...text.matchAll(/'([^'"]+)'|"([^'"]+)"/g)];
  const own = quoted.filter(({ 1: one, 2: other }) => isOwnName(one ?? other ?? "", words));
  return [...sure, ...own].map(({ 0: all, index }) => ({ from: index, to: index + all.length }));
}

function isQuoted(text: string, { from, to }: Span): boolean {
  return /['"]\s*$/.test(text.slice(Math.max(0, from - 20), from)) && /^\s*['"]/.test(text.slice(to, to + 20));
}

/** Whether a span reveals something. A single character does not. */
function isTelling(text: string, span: Span): boolean {
  const words = text.slice(span.from, span.to).toLowerCase();
  return words.length > 1 && isApart(text, span) && !words.split(/[\s.,:;]+/).every((word) => usual.has(word));
}
