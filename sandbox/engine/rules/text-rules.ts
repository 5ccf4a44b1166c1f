import type { Token } from "./tokens.ts";

/** What MCE's checker puts before SQL Server's texts; FACTS 5.2. */
export const checkerPrefix = "An error occurred while checking the query syntax. Errors: ";

const reserved = new Set([";", "INTO", "DECLARE"]);

/** The refusal of a text by its words alone, in the checker's own words (FACTS 5.2), if there is one. */
export function refusedByText(tokens: readonly Token[]): string | undefined {
  const first = tokens.find(({ word }) => word !== "(");
  if (first === undefined) return "Only SELECT queries are valid.";
  for (const { word } of tokens) {
    if (reserved.has(word)) return `'${word.toLowerCase()}' is a reserved word and may not be used`;
  }
  if (first.word !== "SELECT" && first.word !== "WITH") return "Only SELECT queries are valid.";
  return undefined;
}
