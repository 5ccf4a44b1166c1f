import type { Span } from "../syntax/tree.ts";

/** Words of ours, and the place in the user's text that they stand for. */
type Own = { text: string; source: Span };

/** A piece of a new text: words of ours, or a piece of the user's text with the splices inside it made. */
export type Part = Own | Span;

/** What replaces [start, end) of the user's text. Of splices that overlap, the outer one counts; what is put in stands before it. */
export type Splice = Span & { parts: readonly Part[] };

/** A text made of another one. */
export type Written = {
  sql: string;
  /** The place in the user's text that a place of the new text comes from. */
  placeOf: (place: Span) => Span;
  /** The words that are not the user's, without blanks around them. */
  words: readonly string[];
};

/** Where a piece stands in the new text, and what it comes from. */
type Piece = { at: number; text: string; source: Span; isCopy: boolean };

/** One writing: what is done, and what remains to the limit. */
type Writing = {
  sql: string;
  splices: readonly Splice[];
  pieces: Piece[];
  texts: string[];
  length: number;
  max: number;
};

/** The splices that replace text by words of ours alone. */
export function replaced({ start, end, text }: Span & { text: string }): Splice {
  return { start, end, parts: [{ text, source: { start, end } }] };
}

/**
 * Writes a text anew, with every splice made; what the user wrote stays as it is otherwise.
 *
 * @param parts what the new text is made of; absent: the whole text
 * @param max the most characters it may have
 * @returns nothing for a longer one
 */
export function write(
  sql: string,
  splices: readonly Splice[],
  parts: readonly Part[] = [{ start: 0, end: sql.length }],
  max = Infinity,
): Written | undefined {
  const sorted = splices.toSorted((one, other) => one.start - other.start || rankOf(other) - rankOf(one));
  const writing: Writing = { sql, splices: sorted, pieces: [], texts: [], length: 0, max };
  if (!putAll(writing, parts)) return undefined;
  const { pieces, texts } = writing;
  return {
    sql: texts.join(""),
    placeOf: (place) => placeIn(pieces, place),
    words: pieces.flatMap(({ text, isCopy }) => (isCopy ? [] : [text.trim()])),
  };
}

/** Of splices that start at one place, those that only put in come first, then the longest. */
function rankOf({ start, end }: Span): number {
  return start === end ? Infinity : end;
}

function putAll(writing: Writing, parts: readonly Part[]): boolean {
  return parts.every((part) => ("text" in part ? put(writing, part.text, part.source, false) : putSpan(writing, part)));
}

/** Puts a piece; false when the text gets too long. */
function put(writing: Writing, text: string, source: Span, isCopy: boolean): boolean {
  if (text === "") return true;
  writing.pieces.push({ at: writing.length, text, source, isCopy });
  writing.texts.push(text);
  writing.length += text.length;
  return writing.length <= writing.max;
}

function putSpan(writing: Writing, { start, end }: Span): boolean {
  const { sql, splices } = writing;
  let at = start;
  const copy = (until: number): boolean => put(writing, sql.slice(at, until), { start: at, end: until }, true);
  for (let index = firstFrom(splices, start); index < splices.length; index += 1) {
    const splice = splices[index];
    if (splice === undefined || splice.start > end) break;
    if (splice.start < at || splice.end > end) continue;
    if (!copy(splice.start) || !putAll(writing, splice.parts)) return false;
    at = splice.end;
  }
  return copy(end);
}

/** The index of the first splice that starts at or behind an offset. */
function firstFrom(splices: readonly Splice[], offset: number): number {
  let low = 0;
  let high = splices.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((splices[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The last piece that begins at or before an offset. */
function pieceAt(pieces: readonly Piece[], offset: number): Piece | undefined {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pieces[middle]?.at ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return pieces[Math.max(0, low - 1)];
}

/** A place that begins in a copied piece keeps its length as far as the piece reaches; one in our words is all they stand for. */
function placeIn(pieces: readonly Piece[], { start, end }: Span): Span {
  const piece = pieceAt(pieces, start);
  if (piece === undefined) return { start, end };
  const { at, text, source, isCopy } = piece;
  if (!isCopy) {
    // What is put in before or behind our words comes before or behind what they stand for.
    const isBetween = start === end;
    const isBehind = isBetween && start > at && text.slice(start - at).trim() === "";
    const isBefore = isBetween && !isBehind && text.slice(0, start - at).trim() === "";
    return { start: isBehind ? source.end : source.start, end: isBefore ? source.start : source.end };
  }
  const from = source.start + start - at;
  return { start: from, end: Math.max(from, Math.min(source.end, source.start + end - at)) };
}
