/** Longer messages are cut: nobody reads on, and a cut literal is masked to the end. */
const maxLength = 4000;

const ellipsis = "…";

/**
 * Quotes that stand around names, not values: the texts of FACTS 5.2 and 8.6 and their nearest kin. Both neighbours of
 * a name must fit, so a value that merely looks quoted is not let through.
 */
const names = [
  /(?:Invalid|Ambiguous) (?:column|object) name '[^'"]+'(?=[.,;]|\s*$)/gi,
  /into column '[^'"]+', table '[^'"]+'(?=[.,;])/gi,
  /Field '[^'"]+'(?= is required\b)/gi,
  /Column '[^'"]+'(?= is invalid in the select list\b)/gi,
  /(?<![^\s:.,;(])'[^\s'"@]{1,40}'(?= is a reserved word\b)/gi,
  /(?<![^\s:.,;(])'[^\s'"@]{1,128}'(?= is not a recognized\b)/gi,
  /constraint '[^'"]+'(?=\. Cannot insert\b)/gi,
  /in object '[^'"]+'(?=\. The duplicate\b|\.?\s*$)/gi,
  /truncated in table '[^'"]+', column '[^'"]+'(?=\. Truncated value\b)/gi,
  /'…'/g,
  /near the keyword '[A-Z]{2,30}'(?=\.)/gi,
  /multi-part identifier "[^'"]+"(?= could not be bound\b)/gi,
  /\b(?:are|ca|could|did|does|do|has|have|is|should|was|were|wo|would)n't\b/gi,
] as const;

/**
 * Takes row values out of a message of MCE (R13): quoted literals, key tuples, overflowed numbers, e-mail addresses.
 * Quoted names of columns, tables, constraints and reserved words stay. When in doubt it masks more: a value may
 * itself hold quotes and brackets, and MCE escapes neither.
 *
 * @param text MCE's own words, unmasked
 * @returns the text with `…` in place of values; masking it again changes nothing
 */
export function maskValues(text: string): string {
  return [maskAddressRefusal, maskKeyTuple, maskConverted, maskTruncated, maskNumber, maskQuoted, maskAddress].reduce(
    (masked, mask) => mask(masked),
    text.slice(0, maxLength),
  );
}

/** What is no address need not look like one. */
function maskAddressRefusal(text: string): string {
  return text.replace(/^[\s\S]*(?= is not a valid e-?mail address)/i, ellipsis);
}

function maskKeyTuple(text: string): string {
  return maskFrom(text, /duplicate key value is \(/i, ending(/\)/));
}

function maskConverted(text: string): string {
  return maskFrom(text, /\bvalue '/i, ending(/'(?: to data type %| overflowed an? %(?: column)?)/));
}

function maskTruncated(text: string): string {
  return maskFrom(text, /Truncated value: '/i, ending(/'/));
}

/** "Arithmetic overflow error for data type int, value = 4711." */
function maskNumber(text: string): string {
  return text.replace(/(\bvalue\s*=\s*)[-+]?\d[\d.,]*(?:e[-+]?\d+)?/gi, `$1${ellipsis}`);
}

/** SQL Server's own last words after a value, up to the end of the text; `%` stands for the name of a type. */
function ending(closing: RegExp): RegExp {
  const type = String.raw`(?:(?:tiny|small|big)?int[12]?|bit|decimal|numeric|(?:small)?money|float|real|date|time|(?:small)?datetime(?:2|offset)?|n?(?:var)?char|uniqueidentifier|(?:var)?binary)`;
  return new RegExp(
    `${closing.source.replaceAll("%", type)}\\.?\\s*(?:The statement has been terminated)?\\.?\\s*$`,
    "i",
  );
}

/**
 * Masks from the end of `opening` to the end of the text, but for `closing`: a value may contain whatever would look
 * like its end, so only what stands at the very end counts.
 */
function maskFrom(text: string, opening: RegExp, closing: RegExp): string {
  const opened = opening.exec(text);
  if (opened === null) return text;
  const from = opened.index + opened[0].length;
  const rest = text.slice(from);
  const closed = closing.exec(rest);
  return text.slice(0, from) + ellipsis + (closed === null ? "" : rest.slice(closed.index));
}

/**
 * Masks from the first quote to the last one when a single quote does not stand around a name; to the end of the text
 * when those are odd. MCE does not escape quotes, so beside one literal nobody can tell the inside of another from the
 * outside of a name.
 */
function maskQuoted(text: string): string {
  const kept = names.flatMap((name) =>
    [...text.matchAll(name)].map(({ 0: all, index }) => ({ from: index, to: index + all.length })),
  );
  const quotes = [...text.matchAll(/['"]/g)].map(({ index }) => index);
  const strange = quotes.filter((index) => !kept.some(({ from, to }) => index >= from && index < to));
  const [first, last] = [quotes.at(0), quotes.at(-1)];
  if (first === undefined || last === undefined || strange.length === 0) return text;
  const tail = strange.length % 2 === 0 ? `'${text.slice(last + 1)}` : "";
  return `${text.slice(0, first)}'${ellipsis}${tail}`;
}

function maskAddress(text: string): string {
  return text.replace(/[^\s<>(),;:]+@[^\s<>(),;:]+/g, ellipsis);
}
