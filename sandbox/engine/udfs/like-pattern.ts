import type { Comparison } from "../values/comparison.ts";
import { unsupported } from "../values/sql-error.ts";

/** One piece of a LIKE pattern: `%`, or what one character must be. */
export type Piece = "many" | ((char: string) => boolean);

function inRange(low: string, high: string, { charKey, isOrdered }: Comparison): (char: string) => boolean {
  if (![low, high].every(isOrdered)) return unsupported(`the LIKE range ${low}-${high}`);
  const [from, to] = [charKey(low), charKey(high)];
  return (char) => {
    if (isOrdered(char)) return charKey(char) >= from && charKey(char) <= to;
    // Letters of other scripts lie beyond every Latin range; the place of signs such as € is not certain.
    return /^(?!\p{Script=Latin})\p{L}$/u.test(char)
      ? false
      : unsupported(`the LIKE range ${low}-${high} on '${char}'`);
  };
}

function isChar(wanted: string, { fold }: Comparison): (char: string) => boolean {
  const folded = fold(wanted);
  return (char) => fold(char) === folded;
}

/** The set between brackets: single characters and ranges, `^` for all others. */
function readSet(body: string, escape: string, comparison: Comparison): (char: string) => boolean {
  const isNegated = body.startsWith("^");
  const inside = isNegated ? body.slice(1) : body;
  // How SQL Server reads these is not certain.
  if (inside === "" || inside.startsWith("]") || (escape !== "" && inside.includes(escape)))
    return unsupported(`the LIKE set [${body}]`);
  const tests: ((char: string) => boolean)[] = [];
  for (let at = 0; at < inside.length; at += 1) {
    if (inside[at + 1] === "-" && at + 2 < inside.length) {
      tests.push(inRange(inside.charAt(at), inside.charAt(at + 2), comparison));
      at += 2;
      if (inside[at + 1] === "-" && at + 2 < inside.length) return unsupported(`the LIKE set [${body}]`);
    } else tests.push(isChar(inside.charAt(at), comparison));
  }
  return (char) => tests.some((test) => test(char)) !== isNegated;
}

/** Reads a LIKE pattern: `%`, `_`, `[a-z]`, `[^…]` and an escape character; undefined for one that can never match. */
export function readPattern(pattern: string, escape: string, comparison: Comparison): Piece[] | undefined {
  const pieces: Piece[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern.charAt(at);
    if (escape !== "" && comparison.fold(char) === comparison.fold(escape) && at + 1 < pattern.length) {
      at += 1;
      pieces.push(isChar(pattern.charAt(at), comparison));
    } else if (char === "%") pieces.push("many");
    else if (char === "_") pieces.push(() => true);
    else if (char === "[") {
      const close = pattern.indexOf("]", at + (/^\[\^?\]/.exec(pattern.slice(at))?.[0].length ?? 1));
      if (close < 0) return undefined;
      pieces.push(readSet(pattern.slice(at + 1, close), escape, comparison));
      at = close;
    } else pieces.push(isChar(char, comparison));
  }
  return pieces;
}
