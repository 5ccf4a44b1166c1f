import type { Token } from "./tokens.ts";

/** T-SQL that the parser refuses although SQL Server accepts it, as sequences of words. */
const constructs: readonly (readonly [words: readonly string[], name: string])[] = [
  [["GROUPING", "SETS"], "GROUPING SETS"],
  [["WITH", "ROLLUP"], "GROUP BY … WITH ROLLUP"],
  [["WITH", "CUBE"], "GROUP BY … WITH CUBE"],
  [["GROUP", "BY", "(", ")"], "GROUP BY ()"],
  [["FOR", "XML"], "FOR XML here"],
  [["FOR", "JSON"], "FOR JSON here"],
  [["!", ">"], "the operator !>"],
  [["!", "<"], "the operator !<"],
  [["OPTION", "("], "OPTION"],
];

/** The T-SQL construct for which the parser refuses a text, if it is one of those known. */
export function unreadConstruct(tokens: readonly Token[]): string | undefined {
  const stands = (words: readonly string[], from: number): boolean =>
    words.every((word, at) => tokens[from + at]?.word === word);
  return constructs.find(([words]) => tokens.some((_token, from) => stands(words, from)))?.[1];
}
