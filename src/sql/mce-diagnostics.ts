import { nameOfToken } from "./text/token-name.ts";
import { diagnosticAt, type Diagnostic } from "./diagnostic.ts";
import { explainSqlError } from "./error-catalogue.ts";
import type { AskedText } from "./asked-text.ts";
import type { Token } from "./syntax/scan.ts";
import { isSameName } from "./read/scope.ts";

type Place = { start: number; end: number };

/** What a name of a message may mean: dotted names by their last part, words as written, signs also inside of words. */
function placeOf(sql: string, tokens: readonly Token[], name: string): Place | undefined {
  const last =
    name
      .split(".")
      .at(-1)
      ?.replace(/^\[|\]$/g, "") ?? name;
  const found = tokens.find((token) => {
    const own = nameOfToken(sql, token) ?? sql.slice(token.start, token.end);
    return isSameName(own, name) || isSameName(own, last);
  });
  return found ?? signPlace(sql, tokens, name);
}

/** A sign that our reader takes for a part of a word, and SQL Server does not: a typographic quote, a dash. */
function signPlace(sql: string, tokens: readonly Token[], sign: string): Place | undefined {
  if (sign === "" || /[\p{L}\p{N}]/u.test(sign)) return undefined;
  for (const { kind, start, end } of tokens) {
    const at = kind === "string" ? -1 : sql.slice(start, end).indexOf(sign);
    if (at >= 0) return { start: start + at, end: start + at + sign.length };
  }
  return undefined;
}

/** The tokens of the clause a message speaks of, and of what stands behind it; the whole text where it speaks of none. */
function clauseOf(tokens: readonly Token[], text: string): readonly Token[] {
  const isOrder = /\bin the ORDER BY clause\b|\bORDER BY (?:items|list|position)\b/i.test(text);
  const word = isOrder ? "ORDER" : /\bin the HAVING clause\b/i.test(text) ? "HAVING" : undefined;
  const found = word === undefined ? -1 : tokens.findLastIndex(({ upper }) => upper === word);
  return found < 0 ? tokens : tokens.slice(found);
}

/** One message of MCE: its own text, and what of it may be shown (row values masked, R13). */
export type MceMessage = { text: string; shown: string };

/** MCE's messages about a text as diagnostics: at the name they speak of where the text has it, else at its beginning. */
export function mceDiagnostics({ sql, tokens, lines, of }: AskedText, messages: readonly MceMessage[]): Diagnostic[] {
  return messages.map(({ text, shown }) => {
    const known = explainSqlError(text);
    const clause = clauseOf(tokens, text);
    const named = (among: readonly Token[]) => known?.name && placeOf(sql, among, known.name);
    const token = named(clause) || named(tokens) || clause[0];
    const remark = {
      code: known === undefined ? "MCE_REFUSED" : known.code,
      severity: known?.severity ?? "error",
      message: shown,
      ...(known === undefined ? {} : { fix: known.advice }),
    };
    const asked = { start: token?.start ?? 0, end: token?.end ?? 0 };
    const { start, end } = of?.placeOf(asked) ?? asked;
    return { ...diagnosticAt(lines, start, end, remark), mce: shown };
  });
}
