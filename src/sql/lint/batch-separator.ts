import { said } from "./said.ts";
import type { Finding } from "../diagnostic.ts";
import type { Token } from "../syntax/scan.ts";

/**
 * A GO at the end of a text, by which other tools part batches: the server takes it for an alias, or for nothing it knows.
 *
 * @param isRead whether the text is understood, and GO is an alias in it
 */
export function batchSeparatorFindings(tokens: readonly Token[], isRead: boolean): Finding[] {
  const go = tokens.at(-1);
  const before = tokens.at(-2);
  const isName = before === undefined || before.upper === "AS" || before.upper === "." || before.upper === ",";
  if (go?.upper !== "GO" || isName || tokens.some((token, index) => isPrefix(token, tokens[index + 1]))) return [];
  const place = { start: go.start, end: go.end };
  const severity = isRead ? ("warning" as const) : ("error" as const);
  const edits = [{ ...place, text: "" }];
  return [{ ...place, remark: { ...said("BATCH_SEPARATOR:name"), severity, edits } }];
}

function isPrefix({ upper }: Token, next: Token | undefined): boolean {
  return upper === "GO" && next?.upper === ".";
}
