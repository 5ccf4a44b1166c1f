import type { Token } from "../syntax/scan.ts";

/** The name a token means: brackets and quotes removed; nothing for tokens that are no names. */
export function nameOfToken(sql: string, token: Token | undefined): string | undefined {
  if (token === undefined) return undefined;
  const text = sql.slice(token.start, token.end);
  if (token.kind === "word") return text;
  if (token.kind === "bracket") return text.slice(1, -1).replaceAll("]]", "]");
  if (token.kind === "quoted") return text.slice(1, -1).replaceAll('""', '"');
  return undefined;
}
