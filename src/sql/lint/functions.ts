import { said } from "./said.ts";
import { given } from "#lang/given.ts";
import advice from "./advice.prose.json" with { type: "json" };
import type { Finding } from "../diagnostic.ts";
import type { Edit } from "../read/reading.ts";
import { isKnownFunction, knownFunctions } from "../functions/all.ts";
import { evidenceOf } from "../functions/evidence.ts";
import type { Call } from "../syntax/expression-tree.ts";
import { foreignHead, isEscaped, isOdbc, takesNone } from "../syntax/odbc.ts";
import { placeOf } from "../syntax/places.ts";
import type { Token } from "../syntax/scan.ts";
import type { Node, Query } from "../syntax/tree.ts";
import { childrenOf } from "../syntax/walk.ts";
import { isSlip } from "./name-edits.ts";
import type { Nearest } from "./nearest.ts";
import { upperCase } from "../text/upper-case.ts";

/** What T-SQL has instead of functions of other databases, in words. */
const foreign: Readonly<Record<string, string>> = advice.functions;

/** The arguments of a call, if it is near its end; the index is its parenthesis'. */
function argumentsAt(tokens: readonly Token[], open: number): Token[] | undefined {
  const found: Token[] = [];
  let depth = 0;
  for (const [index, token] of tokens.slice(open, open + maxCallTokens).entries()) {
    if (token.upper === "(") depth += 1;
    else if (token.upper === ")") depth -= 1;
    const next = tokens[open + index + 1];
    if (depth === 0) return found;
    if (depth === 1 && (token.upper === "," || index === 0) && next !== undefined) found.push(next);
  }
  return undefined;
}

/** A call that is longer nobody rewrites. */
const maxCallTokens = 100;

/** The edit that makes T-SQL of a call of another database's function, where it makes the same of all its arguments. */
function sameCall(tokens: readonly Token[], index: number): Edit[] | undefined {
  const [token, , close] = tokens.slice(index, index + 3);
  const head = token && foreignHead(token.upper);
  if (token === undefined || head === undefined) return undefined;
  const { start } = token;
  if (close?.upper === ")") return takesNone(head) ? [{ start, end: close.end, text: `${head})` }] : undefined;
  const args = argumentsAt(tokens, index + 1);
  const [first, second] = args ?? [];
  if (args === undefined || first === undefined || takesNone(head)) return undefined;
  // Elsewhere the length may be left out, and a start may count from the end.
  const isOther = second?.upper === "-";
  if (head === "SUBSTRING(" && (args.length !== 3 || isOther)) return undefined;
  return [{ start, end: first.start, text: head }];
}

/** Behind these a name with a parenthesis is no call: `(VALUES (1)) AS Random(x)`. */
const beforeAlias = new Set([".", "AS", ")", "WITH"]);

/** Calls of other databases' functions and of those MCE may not have, found by their tokens. */
export function calledFindings(tokens: readonly Token[]): Finding[] {
  const findings: Finding[] = [];
  for (const [index, { kind, upper, start, end }] of tokens.entries()) {
    if (kind !== "word" || tokens[index + 1]?.upper !== "(" || beforeAlias.has(tokens[index - 1]?.upper ?? ""))
      continue;
    const isInside = isEscaped(tokens[index - 1]?.upper, tokens[index - 2]?.upper);
    if (isInside && isOdbc(upper)) continue;
    const evidence = evidenceOf(upper);
    if (Object.hasOwn(foreign, upper)) {
      const message = `${upper} does not exist in T-SQL`;
      const edits = isInside ? undefined : sameCall(tokens, index);
      const remark = { code: "FOREIGN_FUNCTION", message, fix: `Use ${foreign[upper]}`, ...given({ edits }) };
      findings.push({ start, end, remark });
    } else if (evidence === "disputed" || evidence === "newer") {
      findings.push({ start, end, remark: { ...said(`DISPUTED_FUNCTION:${evidence}`, upper), severity: "warning" } });
    }
  }
  return findings;
}

/** Whether a name is one of another language rather than a slip: `COUNTIF`, `LOG2`, `DATE_DIFF`. */
function isAnother(written: string, known: string): boolean {
  const rest = written.startsWith(known) ? written.slice(known.length) : "";
  return (rest !== "" && rest !== known.at(-1)) || written.replaceAll("_", "") === known;
}

function unknownFinding({ name: parts }: Call, nearest: Nearest): Finding | undefined {
  const name = parts.at(-1);
  if (name === undefined) return undefined;
  if (parts.length > 1) {
    return { ...placeOf(parts), remark: said("OWN_FUNCTION", parts.map(({ value }) => value).join(".")) };
  }
  const upper = upperCase(name.value);
  if (isKnownFunction(upper) || Object.hasOwn(foreign, upper)) return undefined;
  const like = nearest(upper, knownFunctions());
  const place = placeOf(parts);
  const remark = {
    ...said("UNKNOWN_FUNCTION", name.value),
    severity: "warning" as const,
    ...given({
      fix: like && `Did you mean ${like.name}?`,
      edits:
        like?.isSole === true && isSlip(upper, like.name) && !isAnother(upper, like.name)
          ? [{ ...place, text: like.name }]
          : undefined,
    }),
  };
  return { ...place, remark };
}

function gatherUnknown(node: Node, nearest: Nearest, findings: Finding[]): void {
  const found = node.kind === "call" ? unknownFinding(node, nearest) : undefined;
  if (found !== undefined) findings.push(found);
  for (const child of childrenOf(node)) gatherUnknown(child, nearest, findings);
}

/** Calls of functions nobody here knows, found in the syntax tree. */
export function unknownFunctionFindings(query: Query, nearest: Nearest): Finding[] {
  const findings: Finding[] = [];
  gatherUnknown(query, nearest, findings);
  return findings;
}
