const names: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Control characters, line and paragraph separators, and the signs that turn the direction of text. */
const obeyed = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Writes signs that a terminal would obey, and those that turn the direction of text, as escapes: a row must not be able to
 * move the cursor.
 */
export function visible(text: string): string {
  return text.replace(obeyed, (sign) => names[sign] ?? `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
