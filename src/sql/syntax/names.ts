import { accept, isWindowClause, missing, peek, readEnd, report, word, type Parser } from "./parser.ts";
import { isReserved, isStructural } from "./reserved.ts";
import type { Token } from "./scan.ts";
import type { Name } from "./tree.ts";

/** What a text in quotes says. */
export function unquoted(sql: string, { kind, start, end, isOpen }: Token): string {
  const body = kind === "string" && sql[start] !== "'" ? start + 2 : start + 1;
  const text = sql.slice(body, isOpen === true ? end : end - 1);
  const close = kind === "string" ? "'" : kind === "bracket" ? "]" : '"';
  return text.includes(close) ? text.replaceAll(close + close, close) : text;
}

/** The name a token is. */
function nameOf(sql: string, token: Token): Name {
  const { kind, start, end } = token;
  const isQuoted = kind === "bracket" || kind === "quoted" || kind === "string";
  return { value: isQuoted ? unquoted(sql, token) : sql.slice(start, end), isQuoted, start, end };
}

/** Whether a token is a name as T-SQL has it. */
export function isName({ kind, upper }: Token): boolean {
  return kind === "bracket" || kind === "quoted" || (kind === "word" && !isReserved(upper));
}

/** Whether a token can be meant for a name: reserved words that nothing else is made of can. */
export function maybeName({ kind, upper }: Token): boolean {
  return kind === "bracket" || kind === "quoted" || (kind === "word" && !isStructural(upper));
}

/** Takes the next token for a name; a reserved word is noted unless it may stand here. */
export function takeName(p: Parser, isReservedFine = false): Name {
  const token = peek(p);
  if (!isReservedFine && token.kind === "word" && isReserved(token.upper)) report(p, "RESERVED", token.upper);
  p.at += 1;
  return nameOf(p.sql, token);
}

function emptyName(p: Parser): Name {
  const at = readEnd(p);
  return { value: "", isQuoted: false, start: at, end: at };
}

/** The name that has to stand here; an empty one when it does not. */
export function nameHere(p: Parser, what: string): Name {
  if (maybeName(peek(p))) return takeName(p);
  missing(p, what);
  return emptyName(p);
}

/** The rest of a dotted name: `a.b`, `a..b`; a star behind a dot is left where it is. */
export function dotted(p: Parser, first: Name): Name[] {
  const parts = [first];
  while (word(p) === "." && word(p, 1) !== "*") {
    p.at += 1;
    if (maybeName(peek(p))) parts.push(takeName(p));
    else {
      if (word(p) !== ".") missing(p, "a name");
      parts.push(emptyName(p));
    }
  }
  return parts;
}

/** Whether an alias without AS can stand here: `LIMIT 5` is not one. */
function isBareAlias(p: Parser): boolean {
  return isName(peek(p)) && !(word(p) === "LIMIT" && peek(p, 1).kind === "number");
}

/** The alias of a table, with AS or without. */
export function tableAlias(p: Parser): Name | undefined {
  if (accept(p, "AS")) return nameHere(p, "an alias");
  return isBareAlias(p) && !isWindowClause(p) ? takeName(p) : undefined;
}

/** The alias of a select item, which may be a text; nothing when there is none. */
export function itemAlias(p: Parser): { name: Name; form: "as" | "bare" } | undefined {
  const isText = (): boolean => peek(p).kind === "string";
  if (accept(p, "AS")) return { name: isText() ? takeName(p) : nameHere(p, "an alias"), form: "as" };
  return isText() || isBareAlias(p) ? { name: takeName(p), form: "bare" } : undefined;
}

/** Names in parentheses: `(a, b)`. */
export function nameList(p: Parser): Name[] {
  const names: Name[] = [];
  p.at += 1;
  do names.push(nameHere(p, "a column name"));
  while (accept(p, ","));
  return names;
}
