import type { Finding } from "../diagnostic.ts";
import { isKnownFunction } from "../functions/all.ts";
import { asItLooks, lookAlikeLetter } from "../text/letters.ts";
import { isReserved } from "../syntax/reserved.ts";
import type { Token } from "../syntax/scan.ts";

/** A text with a word as it looks in the place of a word of SQL; `isKnown` tells of names that exist, in lower case. */
type Ask = { sql: string; tokens: readonly Token[]; isRead: boolean; isKnown: (name: string) => boolean };

const hasOthers = /[^\0-\x7f]/;
const hasLatin = /[A-Za-z]/;

/** The word of SQL that a word looks like; nothing for names. */
function meantWord(written: string, before: Token | undefined, next: Token | undefined): string | undefined {
  if (before?.upper === "." || before?.upper === "AS") return undefined;
  const looks = asItLooks(written).toUpperCase();
  const isWord = isReserved(looks) || (next?.upper === "(" && isKnownFunction(looks));
  return isWord ? looks : undefined;
}

/** The finding for a word that looks like a word of SQL but is not; nothing for any other word. */
export function letterFinding(sql: string, token: Token, meant: string): Finding | undefined {
  const written = sql.slice(token.start, token.end);
  if (!hasOthers.test(written) || asItLooks(written).toUpperCase() !== meant) return undefined;
  const letter = lookAlikeLetter(written);
  if (letter === undefined) return undefined;
  const start = token.start + letter.index;
  const edit = { start: token.start, end: token.end, text: asItLooks(written) };
  const message = `${letter.says}: this is not the word ${meant}`;
  return {
    start,
    end: start + 1,
    remark: { code: "LOOK_ALIKE_LETTER", message, fix: `Write ${meant}`, edits: [edit] },
  };
}

/**
 * Words of SQL with a letter of another script in them, which looks the same: a Cyrillic О in FRОM. Such a word is a name to
 * SQL Server, and a name that exists is left alone.
 *
 * An error in a text that is not understood, else a warning: then the word may be an alias.
 */
export function letterFindings({ sql, tokens, isRead, isKnown }: Ask): Finding[] {
  return tokens.flatMap((token, index) => {
    if (token.kind !== "word") return [];
    const written = sql.slice(token.start, token.end);
    if (!hasOthers.test(written)) return [];
    const meant = meantWord(written, tokens[index - 1], tokens[index + 1]);
    const finding = meant === undefined ? undefined : letterFinding(sql, token, meant);
    // A word of one script all through may be an alias in its own language.
    const isMaybeName = isRead && !hasLatin.test(written);
    if (finding === undefined || isMaybeName || isKnown(written.toLowerCase())) return [];
    return [isRead ? { ...finding, remark: { ...finding.remark, severity: "warning" as const } } : finding];
  });
}
