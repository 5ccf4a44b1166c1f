/** What a token is; comments and blanks make no tokens. */
type TokenKind = "word" | "bracket" | "quoted" | "string" | "number" | "variable" | "temp" | "operator";

/** One token: `start` and `end` are UTF-16 offsets into the text, `upper` is the upper-cased word or operator, else "". */
export type Token = { kind: TokenKind; start: number; end: number; upper: string };

/** Something opened at `start` that the text never closes. */
type Unclosed = { kind: "string" | "bracket" | "quoted" | "comment"; start: number };

/** The tokens of a text, its comments as [start, end) pairs, and what was left open at its end. */
export type Scan = { tokens: Token[]; comments: [start: number, end: number][]; unclosed?: Unclosed };

const quote = 39;
const doubleQuote = 34;

function isBlank(code: number): boolean {
  if (code <= 32) return true;
  if (code < 0x85) return false;
  return (
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200b) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000 ||
    code === 0xfeff
  );
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isWordStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || (code >= 0x80 && !isBlank(code));
}

function isWordPart(code: number): boolean {
  // @ # $ may stand inside a T-SQL identifier, though not begin a plain one.
  return isWordStart(code) || isDigit(code) || code === 64 || code === 35 || code === 36;
}

/** The offset behind the closing character, which counts as text when doubled; -1 when it never comes. */
function closeOf(sql: string, from: number, close: string): number {
  let at = from;
  for (;;) {
    const found = sql.indexOf(close, at);
    if (found < 0) return -1;
    if (sql[found + 1] !== close) return found + 1;
    at = found + 2;
  }
}

const commentMark = /\/\*|\*\//g;

/** The offset behind a block comment, which T-SQL nests; -1 when it stays open. */
function commentEnd(sql: string, start: number): number {
  let depth = 1;
  commentMark.lastIndex = start + 2;
  for (let mark = commentMark.exec(sql); mark !== null; mark = commentMark.exec(sql)) {
    depth += mark[0] === "/*" ? 1 : -1;
    if (depth === 0) return commentMark.lastIndex;
  }
  return -1;
}

const numberAt = /0[xX][0-9a-fA-F]*|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
// A lone CR ends the line too: XML turns it into LF on the way to MCE.
const restOfLineAt = /[^\r\n]*/y;
const operatorAt = /<=|>=|<>|!=|!<|!>|\+=|-=|\*=|\/=|%=|\|\||::|[^]/y;

function matchEnd(pattern: RegExp, sql: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(sql) ? pattern.lastIndex : at + 1;
}

function wordEnd(sql: string, from: number): number {
  let at = from;
  while (at < sql.length && isWordPart(sql.charCodeAt(at))) at += 1;
  return at;
}

type Delimited = { kind: "string" | "bracket" | "quoted"; bodyAt: number; close: string };

function delimitedAt(sql: string, at: number, code: number): Delimited | undefined {
  if (code === quote) return { kind: "string", bodyAt: at + 1, close: "'" };
  if ((code === 78 || code === 110) && sql.charCodeAt(at + 1) === quote) {
    return { kind: "string", bodyAt: at + 2, close: "'" };
  }
  if (code === 91) return { kind: "bracket", bodyAt: at + 1, close: "]" };
  if (code === doubleQuote) return { kind: "quoted", bodyAt: at + 1, close: '"' };
  return undefined;
}

function plainToken(sql: string, start: number, code: number): Token {
  if (isDigit(code) || (code === 46 && isDigit(sql.charCodeAt(start + 1)))) {
    return { kind: "number", start, end: matchEnd(numberAt, sql, start), upper: "" };
  }
  if (code === 64) return { kind: "variable", start, end: wordEnd(sql, start + 1), upper: "" };
  if (code === 35) return { kind: "temp", start, end: wordEnd(sql, start + 1), upper: "" };
  if (isWordStart(code)) {
    const end = wordEnd(sql, start + 1);
    return { kind: "word", start, end, upper: sql.slice(start, end).toUpperCase() };
  }
  const end = matchEnd(operatorAt, sql, start);
  return { kind: "operator", start, end, upper: sql.slice(start, end) };
}

/**
 * Cuts T-SQL text into tokens: `[a]]b]`, `'it''s'`, `N'…'`, `"…"`, `--` and nested block comments.
 *
 * Never throws; a text that ends inside something is scanned up to there and says so in `unclosed`.
 */
export function scan(sql: string): Scan {
  const tokens: Token[] = [];
  const comments: [number, number][] = [];
  let at = 0;
  while (at < sql.length) {
    const code = sql.charCodeAt(at);
    if (isBlank(code)) {
      at += 1;
    } else if (code === 45 && sql.charCodeAt(at + 1) === 45) {
      const end = matchEnd(restOfLineAt, sql, at);
      comments.push([at, end]);
      at = end;
    } else if (code === 47 && sql.charCodeAt(at + 1) === 42) {
      const end = commentEnd(sql, at);
      if (end < 0) return { tokens, comments, unclosed: { kind: "comment", start: at } };
      comments.push([at, end]);
      at = end;
    } else {
      const delimited = delimitedAt(sql, at, code);
      if (delimited === undefined) {
        const token = plainToken(sql, at, code);
        tokens.push(token);
        at = token.end;
      } else {
        const end = closeOf(sql, delimited.bodyAt, delimited.close);
        if (end < 0) return { tokens, comments, unclosed: { kind: delimited.kind, start: at } };
        tokens.push({ kind: delimited.kind, start: at, end, upper: "" });
        at = end;
      }
    }
  }
  return { tokens, comments };
}
