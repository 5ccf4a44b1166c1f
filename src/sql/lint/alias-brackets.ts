import type { Finding } from "../diagnostic.ts";
import type { Token } from "../syntax/scan.ts";
import { isReserved } from "../syntax/reserved.ts";
import { asItLooks } from "../text/letters.ts";
import { bracketed } from "../text/splice.ts";
import { isNamePart } from "./brackets.ts";

/** In the parentheses of these, AS is followed by a type, which may have two words. */
const casts = new Set(["CAST", "TRY_CAST", "PARSE", "TRY_PARSE", "WITH"]);

/** The index of the last token of an alias that is more than one word, from its first on; nothing for any other alias. */
function lastOfSeveral(sql: string, tokens: readonly Token[], first: number): number | undefined {
  const start = tokens[first];
  if (!isNamePart(start)) return undefined;
  let last = first;
  while (goesOn(sql, tokens[last], tokens[last + 1])) last += 1;
  // What has a dot or a parenthesis behind it begins something else.
  if (last > first && [".", "("].includes(tokens[last + 1]?.upper ?? "")) last -= 1;
  return last > first || start.kind === "number" || start.kind === "temp" ? last : undefined;
}

/** Whether a name may go on with a token: on the same line, by no word of SQL, however it is spelt. */
function goesOn(sql: string, token: Token | undefined, next: Token | undefined): boolean {
  if (token === undefined || !isNamePart(next)) return false;
  if (/[\r\n]/.test(sql.slice(token.end, next.start))) return false;
  return !isReserved(asItLooks(sql.slice(next.start, next.end)).toUpperCase());
}

/**
 * Aliases behind AS that need brackets and have none: `AS First Name`, `AS e-mail`, `AS 2024`.
 *
 * For texts that are not understood: none of these is.
 */
export function aliasBracketFindings(sql: string, tokens: readonly Token[]): Finding[] {
  const findings: Finding[] = [];
  const outer: string[] = [];
  for (const [index, { upper }] of tokens.entries()) {
    if (upper === "(") outer.push(tokens[index - 1]?.upper ?? "");
    else if (upper === ")") outer.pop();
    if (upper !== "AS" || casts.has(outer.at(-1) ?? "")) continue;
    const last = lastOfSeveral(sql, tokens, index + 1);
    const [from, to] = [tokens[index + 1], last === undefined ? undefined : tokens[last]];
    if (from === undefined || to === undefined) continue;
    const name = sql.slice(from.start, to.end).replace(/\s+/g, " ");
    const message = `${name} is no name without brackets`;
    const place = { start: from.start, end: to.end };
    const edits = [{ ...place, text: bracketed(name) }];
    findings.push({ ...place, remark: { code: "UNBRACKETED_NAME", message, fix: `Write ${bracketed(name)}`, edits } });
  }
  return findings;
}
