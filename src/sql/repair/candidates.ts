import type { Edit } from "../read/reading.ts";
import type { Problem } from "../syntax/parser.ts";
import { tokenIndexAt } from "../syntax/places.ts";
import { isReserved } from "../syntax/reserved.ts";
import type { Token, Unclosed } from "../syntax/scan.ts";
import { distanceWithin } from "../text/distance.ts";

/** A change that may make a text right, and what to say of it. */
export type Candidate = { edit: Edit; fix: string };

/** Words people mistype of which a query is made. */
const keywords =
  "SELECT DISTINCT TOP FROM WHERE GROUP ORDER BY HAVING UNION ALL EXCEPT INTERSECT JOIN INNER LEFT RIGHT FULL OUTER CROSS APPLY ON AND OR NOT IN LIKE BETWEEN IS NULL CASE WHEN THEN ELSE END AS ASC DESC EXISTS OVER PARTITION".split(
    " ",
  );

function replaced({ start, end }: Token, text: string): Candidate {
  return { edit: { start, end, text }, fix: text === "" ? "Delete it" : `Did you mean ${text}?` };
}

function inserted(at: number, sign: string, text = sign): Candidate {
  return { edit: { start: at, end: at, text }, fix: `Write ${sign} here` };
}

/** The words of SQL that a word may be meant for. */
export function likeKeywords(token: Token | undefined): Candidate[] {
  // A word of two letters is an alias sooner than a slip.
  if (token?.kind !== "word" || isReserved(token.upper) || token.upper.length < 3) return [];
  const most = token.upper.length < 6 ? 1 : 2;
  return keywords.filter((word) => distanceWithin(token.upper, word, most)).map((word) => replaced(token, word));
}

const values: ReadonlySet<Token["kind"]> = new Set(["word", "bracket", "quoted", "string", "number"]);

/** A comma between two values that follow each other. */
function commaBefore(tokens: readonly Token[], index: number): Candidate[] {
  const [before, token] = [tokens[index - 1], tokens[index]];
  if (before === undefined || token === undefined || !values.has(token.kind)) return [];
  const endsValue =
    (values.has(before.kind) && !isReserved(before.upper)) || before.upper === ")" || before.upper === "END";
  const isWord = token.kind === "word" && isReserved(token.upper) && token.upper !== "CASE";
  return endsValue && !isWord ? [inserted(before.end, ",")] : [];
}

/** A sign that stands there once too often. */
function withoutSign(token: Token | undefined): Candidate[] {
  return token !== undefined && [",", ")", "AND", "OR"].includes(token.upper) ? [replaced(token, "")] : [];
}

/** What the reader expected: a word or sign of SQL. */
function expected({ code, message }: Problem, at: number): Candidate[] {
  if (code !== "EXPECTED" || !/^(?:[A-Z]{2,}|[(),])$/.test(message)) return [];
  return [inserted(at, message, message === "," || message === ")" ? message : ` ${message} `)];
}

/** The ON that is missing behind a joined table. */
function onBefore(tokens: readonly Token[], index: number): Candidate[] {
  const isJoined = tokens.slice(Math.max(0, index - maxJoined), index).some(({ upper }) => upper === "JOIN");
  const before = tokens[index - 1];
  return isJoined && before !== undefined ? [inserted(before.end, "ON", " ON")] : [];
}

/** A table with its prefix and alias: `JOIN Ent.[Orders] AS o`. */
const maxJoined = 6;

/** What may make right what the reader does not understand. */
export function problemCandidates(tokens: readonly Token[], problem: Problem): Candidate[] {
  const index = tokenIndexAt(tokens, problem.start);
  const near = [index, index - 1, index - 2, index - 3, index + 1];
  return [
    ...near.flatMap((at) => likeKeywords(tokens[at])),
    ...expected(problem, tokens[index - 1]?.end ?? 0),
    ...onBefore(tokens, index),
    ...[index, index - 1].flatMap((at) => [...commaBefore(tokens, at), ...withoutSign(tokens[at])]),
  ];
}

/** Before these a parenthesis may be closed. */
const closers: ReadonlySet<string> = new Set(
  "AS FROM WHERE AND OR GROUP ORDER HAVING UNION JOIN INNER LEFT ON THEN ELSE END WHEN , )".split(" "),
);
/** Before these only that of a call: around a single value nobody writes any. */
const callClosers: ReadonlySet<string> = new Set("= <> != < > <= >= + - * / % LIKE IN IS NOT BETWEEN".split(" "));
const maxPlaces = 20;

/** Where a parenthesis may be closed that is not. */
export function closingCandidates(tokens: readonly Token[], open: number): Candidate[] {
  const found: Candidate[] = [];
  const opener = tokens[open - 1];
  const isCall = opener?.kind === "word" && !isReserved(opener.upper);
  let depth = 0;
  for (let index = open + 1; index <= tokens.length && found.length < maxPlaces; index += 1) {
    const token = tokens[index];
    const before = tokens[index - 1];
    const isEnd = token === undefined || closers.has(token.upper) || (isCall && callClosers.has(token.upper));
    if (depth === 0 && before !== undefined && isEnd) found.push(inserted(before.end, ")"));
    if (token?.upper === "(") depth += 1;
    else if (token?.upper === ")") depth -= 1;
    if (depth < 0) break;
  }
  return found;
}

/** Where what is never closed may be meant to end: behind a word that a clause, a sign or the line's end follows. */
export function unclosedCandidates(sql: string, tokens: readonly Token[], { kind, start }: Unclosed): Candidate[] {
  const sign = { string: "'", bracket: "]", quoted: '"', comment: "*/" }[kind];
  if (kind === "comment") return [];
  const strings = kind === "string" ? tokens.filter((token) => token.kind === "string" && token.start < start) : [];
  const quote = strings.at(-1)?.end ?? 0;
  // 'O'Hara': a quote inside of a text is written twice.
  const doubled = quote > 0 && /\p{L}/u.test(sql.charAt(quote)) ? [inserted(quote, sign)] : [];
  const starts = [...strings.slice(-2).map((token) => token.start), start];
  const ends = starts.flatMap((from) => endsBehind(sql, from).map((at) => inserted(at, sign)));
  return [...doubled, ...ends].slice(0, 2 * maxPlaces);
}

const endOfValue =
  /(?=\s+(?:FROM|WHERE|GROUP|ORDER|HAVING|UNION|JOIN|INNER|LEFT|ON|AND|OR|AS|THEN|ELSE|END|WHEN)\b|\s*(?:[,)=<>.]|[\r\n]|$))/giu;

/** No name is longer, and hardly a text people type. */
const maxOpen = 300;

function endsBehind(sql: string, from: number): number[] {
  const rest = sql.slice(from, from + maxOpen);
  const line = /[\r\n]/.exec(rest);
  const text = line === null ? rest : rest.slice(0, line.index);
  const ends = [...text.matchAll(endOfValue)].flatMap(({ index }) => (index > 0 ? [from + index] : []));
  return [...new Set(ends)].slice(0, maxPlaces);
}
