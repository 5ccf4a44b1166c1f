/** One token that matters to the checker's rules: an unquoted word (upper-case) or a mark; strings, quoted names and comments are skipped. */
export type Token = { word: string; at: number };

function skipQuoted(sql: string, from: number, close: string): number {
  let at = from + 1;
  while (at < sql.length) {
    if (sql[at] === close) {
      if (sql[at + 1] !== close) return at + 1;
      at += 1;
    }
    at += 1;
  }
  return at;
}

function skipBlockComment(sql: string, from: number): number {
  let depth = 1;
  let at = from + 2;
  while (at < sql.length && depth > 0) {
    if (sql.startsWith("/*", at)) depth += 1;
    else if (sql.startsWith("*/", at)) depth -= 1;
    else {
      at += 1;
      continue;
    }
    at += 2;
  }
  return at;
}

/** The words and marks of a query outside strings, quoted names and comments. */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < sql.length) {
    const char = sql.charAt(at);
    if (char === "'" || char === '"') at = skipQuoted(sql, at, char);
    else if (char === "[") at = skipQuoted(sql, at, "]");
    else if (sql.startsWith("--", at)) {
      const end = sql.slice(at).search(/[\r\n]/);
      at = end < 0 ? sql.length : at + end;
    } else if (sql.startsWith("/*", at)) at = skipBlockComment(sql, at);
    else {
      const match = /^[\p{L}_@#][\p{L}\p{N}_@#$]*|^\d[\w.]*/u.exec(sql.slice(at, at + 200));
      const word = match?.[0] ?? char;
      if (word.trim() !== "") tokens.push({ word: word.toUpperCase(), at });
      at += word.length;
    }
  }
  return tokens;
}
