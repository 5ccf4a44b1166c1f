import { scan, type Token } from "./scan.ts";

/** The offsets of what begins at a token and the parser (sqlparser-rs 0.62) does not know; nothing for most tokens. */
function unreadableAt(tokens: readonly Token[], index: number): { start: number; end: number } | undefined {
  const token = tokens[index];
  const next = tokens[index + 1];
  if (token === undefined || next === undefined) return undefined;
  const isRollup = token.upper === "WITH" && (next.upper === "ROLLUP" || next.upper === "CUBE");
  const isSets = token.upper === "GROUPING" && next.upper === "SETS";
  if (isRollup || isSets) return { start: token.start, end: next.end };
  if (token.upper !== "OPTION" || next.upper !== "(") return undefined;
  let depth = 0;
  for (const { upper, end } of tokens.slice(index + 1)) {
    if (upper === "(") depth += 1;
    if (upper === ")") depth -= 1;
    if (depth === 0) return { start: token.start, end };
  }
  return undefined;
}

/**
 * The text with blanks, place for place, where clauses stand that the parser does not know and that change no column:
 * `WITH ROLLUP`, `GROUPING SETS`, `OPTION (…)`.
 *
 * For reading names and types only: it is not what runs.
 */
export function withoutUnreadable(sql: string): string {
  const { tokens } = scan(sql);
  let readable = sql;
  for (const index of tokens.keys()) {
    const found = unreadableAt(tokens, index);
    if (found === undefined) continue;
    readable = readable.slice(0, found.start) + " ".repeat(found.end - found.start) + readable.slice(found.end);
  }
  return readable;
}
