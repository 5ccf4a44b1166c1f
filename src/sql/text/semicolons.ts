import type { Token } from "../syntax/scan.ts";

/** The tokens of a text without the semicolons around it; those before it only where something stands behind them. */
export function withoutSemicolons(tokens: readonly Token[]): Record<"before" | "tokens" | "behind", Token[]> {
  const last = tokens.findLastIndex(({ upper }) => upper !== ";");
  const first = last < 0 ? 0 : tokens.findIndex(({ upper }) => upper !== ";");
  return { before: tokens.slice(0, first), tokens: tokens.slice(first, last + 1), behind: tokens.slice(last + 1) };
}
