import type { Token } from "./tokens.ts";

/** The prefix of MCE's checker before SQL Server's texts; MCE 5.2. */
export const checkerPrefix = "An error occurred while checking the query syntax. Errors: ";

const reserved = new Set([";", "INTO", "DECLARE"]);

/** The refusal that MCE checks first (MCE 5.2). */
const onlySelect = "Only SELECT queries are valid.";
const selectFirst = `${onlySelect} Select must be the first word of the query.`;

/** SQL Server's error for an unterminated string, name or comment. */
function unclosed(tokens: readonly Token[], sql: string): string | undefined {
  const last = tokens.at(-1);
  if (last?.isUnclosed !== true) return undefined;
  if (last.word === "/") return `${checkerPrefix}Missing end comment mark '*/'.`;
  return `${checkerPrefix}Unclosed quotation mark after the character string '${sql.slice(last.at + 1)}'.`;
}

/** `123456.Customers`: an account's number before a table, which the parser does not read as a name. */
function accountPrefix(tokens: readonly Token[], sql: string): string | undefined {
  for (const [index, { at }] of tokens.entries()) {
    if (!["FROM", "JOIN", "APPLY"].includes(tokens[index - 1]?.word ?? "")) continue;
    const match = /^(\d+)\s*\.\s*(?:\[([^\]]*)\]|"([^"]*)"|([\p{L}_][\p{L}\p{N}_]*))/u.exec(sql.slice(at));
    if (match === null) continue;
    const [, account = "", bracketed, quoted, plain] = match;
    const table = `${account}.${bracketed ?? quoted ?? plain ?? ""}`;
    return `${checkerPrefix}The ${table} table has a multi-part specification. This is not allowed.`;
  }
  return undefined;
}

/** OPTION (…) ends a statement, so it cannot stand in a derived table (MCE 8.1). */
export function refusedInBrackets(tokens: readonly Token[]): string | undefined {
  const isHint = tokens.some(({ word }, at) => word === "OPTION" && tokens[at + 1]?.word === "(");
  return isHint ? `${checkerPrefix}Incorrect syntax near the keyword 'OPTION'.` : undefined;
}

/** Operators of other dialects: SQL Server stops at their second sign. */
const foreignPairs = ["=", "|", "&", ":"];

function foreignOperator(tokens: readonly Token[], sql: string): string | undefined {
  const pair = tokens.find(({ word, at }, index) => {
    const next = tokens[index + 1];
    return foreignPairs.includes(word) && next?.word === word && sql.slice(at + 1, next.at).trim() === "";
  });
  return pair && `${checkerPrefix}Incorrect syntax near '${pair.word}'.`;
}

/** The checker's rules that a switch can change. */
export type TextRules = { cte: boolean; leadingParenthesis: boolean };

/** The checker's refusal of a text by its tokens alone (MCE 5.2), if there is one. */
export function refusedByText(tokens: readonly Token[], sql: string, rules: TextRules): string | undefined {
  const first = tokens.find(({ word }) => word !== "(");
  if (first === undefined) return onlySelect;
  const found = tokens.find(({ word }) => reserved.has(word));
  if (found !== undefined) return `'${found.word.toLowerCase()}' is a reserved word and may not be used`;
  if (first.word === "WITH" && !rules.cte) return selectFirst;
  // To SQL Server a byte order mark is a character before the first word.
  if (first.word === "\uFEFF" || (tokens[0] !== first && !rules.leadingParenthesis)) return selectFirst;
  if (first.word !== "SELECT" && first.word !== "WITH") return onlySelect;
  return unclosed(tokens, sql) ?? foreignOperator(tokens, sql) ?? accountPrefix(tokens, sql);
}
