/** One token that matters to the checker's rules: an unquoted word (upper-case) or a mark; strings, quoted names and comments are skipped. */
export type Token = {
  word: string;
  at: number;
  /** On the mark that opens an unterminated string, name or comment. */
  isUnclosed?: true;
};

/** Where the quoted part ends; undefined when it does not. */
function skipQuoted(sql: string, from: number, close: string): number | undefined {
  let at = from + 1;
  while (at < sql.length) {
    if (sql[at] === close) {
      if (sql[at + 1] !== close) return at + 1;
      at += 1;
    }
    at += 1;
  }
  return undefined;
}

function skipBlockComment(sql: string, from: number): number | undefined {
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
  return depth > 0 ? undefined : at;
}

function skipLineComment(sql: string, from: number): number {
  const end = sql.slice(from).search(/[\r\n]/);
  return end < 0 ? sql.length : from + end;
}

/** Where a string, quoted name or comment that starts here ends: `open` when it never does, undefined when none starts. */
function skipped(sql: string, at: number): number | "open" | undefined {
  const char = sql.charAt(at);
  if (char === "'" || char === '"') return skipQuoted(sql, at, char) ?? "open";
  if (char === "[") return skipQuoted(sql, at, "]") ?? "open";
  if (sql.startsWith("--", at)) return skipLineComment(sql, at);
  return sql.startsWith("/*", at) ? (skipBlockComment(sql, at) ?? "open") : undefined;
}

/** The words and marks of a query outside strings, quoted names and comments. */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < sql.length) {
    const end = skipped(sql, at);
    if (end === "open") return [...tokens, { word: sql.charAt(at), at, isUnclosed: true }];
    if (end !== undefined) at = end;
    else {
      const match = /^[\p{L}_@#][\p{L}\p{N}_@#$]*|^\d[\w.]*/u.exec(sql.slice(at, at + 200));
      const word = match?.[0] ?? sql.charAt(at);
      if (word === "\uFEFF" || word.trim() !== "") tokens.push({ word: word.toUpperCase(), at });
      at += word.length;
    }
  }
  return tokens;
}
