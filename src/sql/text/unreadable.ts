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
    readable =
      readable.slice(0, found.start) + blanked(readable.slice(found.start, found.end)) + readable.slice(found.end);
  }
  return readable;
}

/** Blanks in the place of a text, line for line. */
function blanked(text: string): string {
  return text.replace(/[^\r\n]/g, " ");
}

const heads: ReadonlySet<string> = new Set(["SELECT", "WITH", "(", ";"]);

/**
 * The text with blanks, place for place, before its first SELECT outside parentheses, when something else stands there:
 * a DECLARE, an INSERT. Nothing when the text begins as a query does, or has no such SELECT.
 *
 * For reading names and types only: the guard lets no such text run.
 */
export function withoutPreamble(sql: string): string | undefined {
  const { tokens } = scan(sql);
  if (heads.has(tokens[0]?.upper ?? "")) return undefined;
  let depth = 0;
  for (const { upper, start } of tokens) {
    if (upper === "(") depth += 1;
    if (upper === ")") depth -= 1;
    if (upper === "SELECT" && depth === 0) return blanked(sql.slice(0, start)) + sql.slice(start);
  }
  return undefined;
}
