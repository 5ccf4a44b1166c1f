import { upperCase } from "../text/upper-case.ts";

/** What a token is; comments and blanks make no tokens. */
type TokenKind = "word" | "bracket" | "quoted" | "string" | "number" | "variable" | "temp" | "operator" | "end";

/**
 * One token: `start` and `end` are UTF-16 offsets into the text, `upper` is the upper-cased word or operator, else "";
 * `isOpen` for a text or name that is never closed and was taken to end where it most likely does.
 */
export type Token = { kind: TokenKind; start: number; end: number; upper: string; isOpen?: true };

/** Something opened at `start` that the text never closes. */
export type Unclosed = { kind: "string" | "bracket" | "quoted" | "comment"; start: number };

/** The tokens of a text, its comments as [start, end) pairs, and the first of each kind that it leaves open. */
export type Scan = { tokens: Token[]; comments: [start: number, end: number][]; unclosed: Unclosed[] };

const blank = /[\0-\x20\x85\xa0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]/;

const isBlankAscii = (code: number): boolean => code <= 32;

function isBlank(code: number): boolean {
  return code < 0x80 ? isBlankAscii(code) : blank.test(String.fromCharCode(code));
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || (code >= 0x80 && !isBlank(code));
}

function wordEnd(sql: string, from: number): number {
  let at = from;
  for (; at < sql.length; at += 1) {
    const code = sql.charCodeAt(at);
    // @ # $ may stand inside a T-SQL identifier.
    if (!isLetter(code) && !isDigit(code) && code !== 64 && code !== 35 && code !== 36) break;
  }
  return at;
}

const numberAt = /0[xX][0-9a-fA-F]*|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const moneyAt = /[$£¤¥€](?:\d+(?:\.\d*)?|\.\d+)|\$(?![A-Za-z_])/y;
// A lone CR ends the line too: XML turns it into LF on the way to MCE.
const restOfLineAt = /[^\r\n]*/y;
const openNameAt = /[^\r\n]*?(?=\s(?:FROM|WHERE|GROUP|ORDER|HAVING|UNION|JOIN|INNER|LEFT|ON|AND|OR|AS)\b|[,)\r\n]|$)/iy;
const operatorAt = /<=|>=|<>|!=|!<|!>|\+=|-=|\*=|\/=|%=|\|\||::|[^]/y;
const commentMark = /\/\*|\*\//g;

/** The offset behind what a pattern matches at a place; -1 where it does not. */
function endOf(pattern: RegExp, sql: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(sql) ? pattern.lastIndex : -1;
}

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

/** The offset behind the closing character, which counts as text when doubled; -1 when it never comes. */
function closeOf(text: string, from: number, close: string): number {
  for (let at = from; ; at += 2) {
    at = text.indexOf(close, at);
    if (at < 0 || text[at + 1] !== close) return at < 0 ? -1 : at + 1;
  }
}

type Delimited = { kind: "string" | "bracket" | "quoted"; bodyAt: number; close: string };

function delimitedAt(sql: string, at: number, code: number): Delimited | undefined {
  if (code === 39) return { kind: "string", bodyAt: at + 1, close: "'" };
  if ((code === 78 || code === 110) && sql.charCodeAt(at + 1) === 39)
    return { kind: "string", bodyAt: at + 2, close: "'" };
  if (code === 91) return { kind: "bracket", bodyAt: at + 1, close: "]" };
  return code === 34 ? { kind: "quoted", bodyAt: at + 1, close: '"' } : undefined;
}

/** Reads a text or a name in brackets or quotes; one that is never closed ends with its line, a name before the next clause. */
function delimitedToken(sql: string, start: number, { kind, bodyAt, close }: Delimited, scan: Scan): Token {
  const isSeen = scan.unclosed.some((unclosed) => unclosed.kind === kind);
  // Where one bracket is never closed no later one is, and need not be looked for; quotes close themselves.
  const end = isSeen && kind === "bracket" ? -1 : closeOf(sql, bodyAt, close);
  if (end >= 0) return { kind, start, end, upper: "" };
  if (!isSeen) scan.unclosed.push({ kind, start });
  const stop = endOf(kind === "string" ? restOfLineAt : openNameAt, sql, bodyAt);
  return { kind, start, end: Math.max(bodyAt, stop), upper: "", isOpen: true };
}

function plainToken(sql: string, start: number, code: number): Token {
  if (isDigit(code) || (code === 46 && isDigit(sql.charCodeAt(start + 1))))
    return { kind: "number", start, end: endOf(numberAt, sql, start), upper: "" };
  if (code === 36 || (code > 160 && code < 166) || code === 0x20ac) {
    const end = endOf(moneyAt, sql, start);
    if (end >= 0) return { kind: "number", start, end, upper: "" };
  }
  if (code === 64) return { kind: "variable", start, end: wordEnd(sql, start + 1), upper: "" };
  if (code === 35) return { kind: "temp", start, end: wordEnd(sql, start + 1), upper: "" };
  if (isLetter(code) || code === 36) {
    const end = wordEnd(sql, start + 1);
    return { kind: "word", start, end, upper: upperCase(sql.slice(start, end)) };
  }
  const end = endOf(operatorAt, sql, start);
  return { kind: "operator", start, end, upper: sql.slice(start, end) };
}

/** The offset behind the comment at a place; nothing where none begins. */
function skippedComment(sql: string, at: number, code: number, scan: Scan): number | undefined {
  const next = sql.charCodeAt(at + 1);
  const isLine = code === 45 && next === 45;
  if (!isLine && !(code === 47 && next === 42)) return undefined;
  let end = isLine ? endOf(restOfLineAt, sql, at) : commentEnd(sql, at);
  if (end < 0) {
    scan.unclosed.push({ kind: "comment", start: at });
    end = sql.length;
  }
  scan.comments.push([at, end]);
  return end;
}

/**
 * Cuts T-SQL text into tokens: `[a]]b]`, `'it''s'`, `N'…'`, `"…"`, `$1.50`, `--` and nested block comments.
 *
 * Never throws, in linear time. What is never closed is a token up to where it most likely ends, so that the rest is read.
 */
export function scan(sql: string): Scan {
  const found: Scan = { tokens: [], comments: [], unclosed: [] };
  let at = 0;
  while (at < sql.length) {
    const code = sql.charCodeAt(at);
    if (isBlank(code)) {
      at += 1;
      continue;
    }
    const behind = skippedComment(sql, at, code, found);
    if (behind !== undefined) {
      at = behind;
      continue;
    }
    const delimited = delimitedAt(sql, at, code);
    const token = delimited === undefined ? plainToken(sql, at, code) : delimitedToken(sql, at, delimited, found);
    found.tokens.push(token);
    at = token.end;
  }
  return found;
}

/** The tokens before the first thing that a text leaves open: what stands behind it may belong to it. */
export function beforeUnclosed({ tokens, unclosed }: Scan): Token[] {
  const [first] = unclosed;
  return first === undefined ? tokens : tokens.filter(({ start }) => start < first.start);
}
