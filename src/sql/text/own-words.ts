import { beforeUnclosed, scan, type Scan, type Token } from "../syntax/scan.ts";
import { nameOfToken } from "./token-name.ts";

/**
 * The words of a text: what stands outside its string literals, in lower case, and the contents of those literals.
 * A message of MCE may repeat the former and never the latter (R13).
 */
export type OwnWords = { words: ReadonlySet<string>; literals: ReadonlySet<string> };

/** What typists' programs make of quotes: SQL Server takes them for signs, their author for the bounds of a text. */
const typedQuote = /[‘’‚‛“”„‟]/u;
const opening = /^[‘‚‛“„‟]/u;
const closing = /[’”‘“]$/u;

/**
 * Reads the words of a text: identifiers, keywords, functions, signs and numbers, and `names` known besides. Never throws.
 *
 * @param scanned the text's own tokens, where they are known
 */
export function ownWords(sql: string, names: readonly string[] = [], scanned: Scan = scan(sql)): OwnWords {
  const tokens = beforeUnclosed(scanned);
  const [open] = scanned.unclosed;
  const words = new Set(names.map((name) => name.toLowerCase()));
  const literals = new Set<string>();
  if (open?.kind === "string") literals.add(sql.slice(open.start + 1));
  let isTypedText = false;
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1];
    const text = sql.slice(token.start, token.end);
    if (token.kind === "string") {
      const content = text.replace(/^n?'/i, "").slice(0, -1);
      // `AS 'name'` names a column.
      if (before?.upper === "AS") words.add(content.replaceAll("''", "'").toLowerCase());
      else literals.add(content).add(content.replaceAll("''", "'"));
      continue;
    }
    const isName = before?.upper === "AS";
    if (opening.test(text) && !isName) isTypedText = true;
    if (isTypedText || typedQuote.test(text)) for (const sign of text.match(/[‘’‚‛“”„‟]/gu) ?? []) words.add(sign);
    if (!isTypedText && !touchesText(token, before, tokens[index + 1])) {
      for (const word of wordsIn(sql, token, text)) words.add(word.toLowerCase());
    }
    if (closing.test(text) && (text.length > 1 || !opening.test(text))) isTypedText = false;
  }
  return { words, literals };
}

/** `'O'Hara'`: what clings to a literal was meant to be a part of it. */
function touchesText({ start, end, kind }: Token, before: Token | undefined, after: Token | undefined): boolean {
  if (kind === "operator") return false;
  return (before?.kind === "string" && before.end === start) || (after?.kind === "string" && after.start === end);
}

/** A token as SQL Server may repeat it: as a name, as written, and cut at signs that are no letters to SQL Server. */
function wordsIn(sql: string, token: Token, text: string): string[] {
  const parts = token.kind === "operator" ? text.split("") : text.split(/([^\p{L}\p{N}_@#$])/u);
  const isPlain = token.kind === "word" || token.kind === "operator";
  return [nameOfToken(sql, token) ?? text, text, ...(isPlain ? parts.filter((part) => part !== "") : [])];
}
