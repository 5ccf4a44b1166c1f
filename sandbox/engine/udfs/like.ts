import type { Stored } from "../types.ts";
import type { Comparison } from "../values/comparison.ts";
import { readPattern, type Piece } from "./like-pattern.ts";

/** True when the text from `start` on matches all pieces to its end. Goes back to the last `%` only, so its time is not exponential. */
function matchesFrom(pieces: readonly Piece[], text: string, start: number): boolean {
  let [at, next] = [start, 0];
  let retry: { at: number; next: number } | undefined;
  while (at < text.length || next < pieces.length) {
    const piece = pieces[next];
    if (piece === "many") {
      next += 1;
      retry = { at, next };
    } else if (piece !== undefined && at < text.length && piece(text.charAt(at))) {
      at += 1;
      next += 1;
    } else if (retry !== undefined && retry.at < text.length) {
      retry = { at: retry.at + 1, next: retry.next };
      ({ at, next } = retry);
    } else return false;
  }
  return true;
}

/** The pieces of a pattern, read once per pattern. */
function openPatterns(escape: string, comparison: Comparison): (pattern: string) => Piece[] | undefined {
  const known = new Map<string, Piece[] | undefined>();
  return (pattern) => {
    if (!known.has(pattern)) {
      if (known.size > 1000) known.clear();
      known.set(pattern, readPattern(pattern, escape, comparison));
    }
    return known.get(pattern);
  };
}

/** LIKE over stored texts; blanks at the end of a varchar value do not stop a match. */
export function likeMatcher(
  escape: string,
  isUnicode: boolean,
  comparison: Comparison,
): (value?: Stored, pattern?: Stored) => Stored {
  const piecesOf = openPatterns(escape, comparison);
  return (value = null, pattern = null) => {
    if (value === null || pattern === null) return null;
    const pieces = piecesOf(String(pattern));
    if (pieces === undefined) return 0;
    const subject = String(value);
    const isMatch =
      matchesFrom(pieces, subject, 0) ||
      (!isUnicode && subject.endsWith(" ") && matchesFrom(pieces, subject.replace(/ +$/, ""), 0));
    return isMatch ? 1 : 0;
  };
}

/** PATINDEX: where the pattern without its leading `%` first matches, counted from 1; 0 when it does not. */
export function patternFinder(comparison: Comparison): (pattern: string, text: string) => number {
  const piecesOf = openPatterns("", comparison);
  return (pattern, text) => {
    const isAnchored = !pattern.startsWith("%");
    const rest = pattern.replace(/^%+/, "");
    if (rest === "" && !isAnchored) return 1;
    const pieces = piecesOf(rest);
    if (pieces === undefined) return 0;
    for (let at = 0; at <= (isAnchored ? 0 : text.length); at += 1) if (matchesFrom(pieces, text, at)) return at + 1;
    return 0;
  };
}
