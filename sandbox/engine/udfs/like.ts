import type { Stored } from "../types.ts";

function bracket(pattern: string, at: number): { source: string; end: number } | undefined {
  const close = pattern.indexOf(
    "]",
    at + (pattern[at + 1] === "]" || (pattern[at + 1] === "^" && pattern[at + 2] === "]") ? 2 : 1),
  );
  if (close < 0) return undefined;
  const inside = pattern.slice(at + 1, close);
  const negated = inside.startsWith("^");
  const body = (negated ? inside.slice(1) : inside).replaceAll(/[\\[\]^]/g, "\\$&");
  if (body === "") return { source: negated ? "[^]" : "(?!)", end: close };
  const kept = body.replace(/^-/, "\\-").replace(/-$/, "\\-");
  return { source: `[${negated ? "^" : ""}${kept}]`, end: close };
}

function escaped(char: string): string {
  return char.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** A LIKE pattern as a regular expression: `%`, `_`, `[a-z]`, `[^…]` and an escape character. */
export function likeRegex(pattern: string, escape: string): RegExp {
  let source = "";
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern.charAt(at);
    if (escape !== "" && char.toLowerCase() === escape.toLowerCase() && at + 1 < pattern.length) {
      at += 1;
      source += escaped(pattern.charAt(at));
    } else if (char === "%") source += ".*";
    else if (char === "_") source += ".";
    else if (char === "[") {
      const set = bracket(pattern, at);
      if (set === undefined) return /(?!)/;
      source += set.source;
      at = set.end;
    } else source += escaped(char);
  }
  return new RegExp(`^${source}$`, "is");
}

/** LIKE over stored texts; blanks at the end of a varchar value do not stop a match. */
export function likeMatcher(escape: string, isUnicode: boolean): (value?: Stored, pattern?: Stored) => Stored {
  const known = new Map<string, RegExp>();
  return (value = null, pattern = null) => {
    if (value === null || pattern === null) return null;
    const text = String(pattern);
    let regex = known.get(text);
    if (regex === undefined) {
      if (known.size > 1000) known.clear();
      regex = likeRegex(text, escape);
      known.set(text, regex);
    }
    const subject = String(value);
    return regex.test(subject) || (!isUnicode && subject.endsWith(" ") && regex.test(subject.trimEnd())) ? 1 : 0;
  };
}
