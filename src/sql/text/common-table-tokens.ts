import type { Token } from "../syntax/scan.ts";

/** Whether a text begins with common table expressions: `WITH name …`. */
export function hasCommonTables([first, second]: readonly Token[]): boolean {
  return first?.upper === "WITH" && second !== undefined && second.kind !== "operator";
}

/** The index of the SELECT behind common table expressions: the first one outside of all parentheses, even behind a semicolon. */
export function mainSelectIndex(tokens: readonly Token[]): number {
  if (!hasCommonTables(tokens)) return -1;
  let depth = 0;
  return tokens.findIndex(({ upper }, index) => {
    if (upper === "(") depth += 1;
    else if (upper === ")") depth -= 1;
    return depth === 0 && upper === "SELECT" && [")", ";"].includes(tokens[index - 1]?.upper ?? "");
  });
}

/** Whether common table expressions begin here: `WITH x AS (`, `WITH x (a, b) AS (`. WITH has other uses, too. */
export function beginCommonTables(tokens: readonly Token[], index: number): boolean {
  if (tokens[index]?.upper !== "WITH" || tokens[index + 1]?.kind === "operator") return false;
  let next = index + 2;
  if (tokens[next]?.upper === "(") {
    const isInList = (token: Token | undefined) =>
      token !== undefined && (token.kind !== "operator" || token.upper === ",");
    for (next += 1; isInList(tokens[next]);) next += 1;
    next += 1;
  }
  return tokens[next]?.upper === "AS" && tokens[next + 1]?.upper === "(";
}
