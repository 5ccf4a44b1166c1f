import { isReserved } from "./reserved-words.ts";
import type { Token } from "./tokens.ts";

/** Words of other dialects' grammar, which are names in T-SQL: the parser does not take them for aliases without AS. */
const words = new Set(
  `BEFORE CLUSTER DISTRIBUTE EXCLUDE FORMAT GLOBAL INTERVAL LATERAL LIMIT MATCH MATCH_CONDITION MATCH_RECOGNIZE MEMBER
  MINUS OFFSET OUTPUT PARTITION PREWHERE QUALIFY RETURNING SAMPLE SEMI ANTI ASOF SETTINGS SORT START STRAIGHT_JOIN WINDOW
  CONNECT EMPTY ERROR FINAL TOTALS`.split(/\s+/),
);

/** Tokens that may come before a name. */
const isBefore = (word: string) => [",", ".", ")", "AS", "SELECT", "DISTINCT"].includes(word);

/** The text with such words in brackets wherever they are names; for a text that the parser refuses. */
export function withLegalNames(sql: string, tokens: readonly Token[]): string {
  let result = "";
  let from = 0;
  for (const [index, { word, at }] of tokens.entries()) {
    if (!words.has(word) || tokens[index + 1]?.word === "(") continue;
    const before = tokens[index - 1]?.word ?? "";
    const follows = isBefore(before) || (/^[\p{L}_]/u.test(before) && !isReserved(before)) || isBehindName(sql, at);
    if (!follows) continue;
    result += `${sql.slice(from, at)}[${sql.slice(at, at + word.length)}]`;
    from = at + word.length;
  }
  return result + sql.slice(from);
}

/** Whether a name in brackets or quotes ends before this place. */
function isBehindName(sql: string, at: number): boolean {
  let last = at - 1;
  while (last >= 0 && /\s/.test(sql.charAt(last))) last -= 1;
  return /[\]"]/.test(sql.charAt(last));
}
