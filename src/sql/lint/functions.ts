import { given } from "#lang/given.ts";
import type { Finding } from "../diagnostic.ts";
import type { Edit } from "../read/reading.ts";
import { isKnownFunction, knownFunctions } from "../functions/all.ts";
import { evidenceOf } from "../functions/evidence.ts";
import type { Call } from "../syntax/expression-tree.ts";
import { placeOf } from "../syntax/places.ts";
import type { Token } from "../syntax/scan.ts";
import type { Node, Query } from "../syntax/tree.ts";
import { childrenOf } from "../syntax/walk.ts";
import type { Nearest } from "./nearest.ts";
import { upperCase } from "../text/upper-case.ts";

/** Functions of other databases, and what T-SQL has instead. */
const foreign: Readonly<Record<string, string>> = {
  NVL: "ISNULL(value, other)",
  IFNULL: "ISNULL(value, other)",
  LENGTH: "LEN(text)",
  SUBSTR: "SUBSTRING(text, start, length)",
  INSTR: "CHARINDEX(part, text)",
  LOCATE: "CHARINDEX(part, text)",
  STRPOS: "CHARINDEX(part, text)",
  LPAD: "RIGHT(REPLICATE('0', n) + text, n)",
  RPAD: "LEFT(text + REPLICATE(' ', n), n)",
  INITCAP: "UPPER(LEFT(text, 1)) + LOWER(SUBSTRING(text, 2, 4000))",
  GROUP_CONCAT: "STRING_AGG(text, ',')",
  LISTAGG: "STRING_AGG(text, ',')",
  SPLIT_PART: "SUBSTRING with CHARINDEX",
  REGEXP_LIKE: "LIKE or PATINDEX",
  REGEXP_REPLACE: "REPLACE or STUFF",
  DECODE: "CASE value WHEN … THEN … END",
  NOW: "GETDATE()",
  CURDATE: "CAST(GETDATE() AS DATE)",
  CURRENT_DATE: "CAST(GETDATE() AS DATE)",
  DATE_ADD: "DATEADD(day, n, date)",
  DATE_SUB: "DATEADD(day, -n, date)",
  ADD_MONTHS: "DATEADD(month, n, date)",
  MONTHS_BETWEEN: "DATEDIFF(month, from, to)",
  LAST_DAY: "EOMONTH(date)",
  DATE_FORMAT: "FORMAT(date, 'yyyy-MM-dd')",
  DATE_TRUNC: "DATEADD(month, DATEDIFF(month, 0, date), 0)",
  STR_TO_DATE: "CONVERT(DATE, text, style)",
  TO_DATE: "CONVERT(DATE, text, style)",
  TO_CHAR: "CONVERT(VARCHAR(30), value, style)",
  TO_NUMBER: "CAST(text AS INT)",
  UNIX_TIMESTAMP: "DATEDIFF(second, '1970-01-01', date)",
  MOD: "a % b",
  POW: "POWER(number, exponent)",
  CEIL: "CEILING(number)",
  UUID: "NEWID()",
  RANDOM: "RAND()",
};

/** Those that differ by their name alone. */
const renamed: Readonly<Record<string, string>> = {
  NVL: "ISNULL",
  IFNULL: "ISNULL",
  LENGTH: "LEN",
  SUBSTR: "SUBSTRING",
  POW: "POWER",
  CEIL: "CEILING",
  LAST_DAY: "EOMONTH",
  UUID: "NEWID",
  RANDOM: "RAND",
  NOW: "GETDATE",
};

/** Those that take nothing, and what says the same. */
const replaced: Readonly<Record<string, string>> = {
  CURDATE: "CAST(GETDATE() AS DATE)",
  CURRENT_DATE: "CAST(GETDATE() AS DATE)",
};

/** The edit that makes T-SQL of a call of another database's function, where its arguments are the same. */
function sameCall(tokens: readonly Token[], index: number): Edit[] | undefined {
  const [token, , close] = tokens.slice(index, index + 3);
  if (token === undefined) return undefined;
  const { start, end, upper } = token;
  if (Object.hasOwn(renamed, upper)) return [{ start, end, text: renamed[upper] ?? "" }];
  const text = Object.hasOwn(replaced, upper) && close?.upper === ")" ? replaced[upper] : undefined;
  return text === undefined || close === undefined ? undefined : [{ start, end: close.end, text }];
}

/** Behind these a name with a parenthesis is no call: `(VALUES (1)) AS Random(x)`. */
const beforeAlias = new Set([".", "AS", ")", "WITH"]);

/** Calls of other databases' functions and of those MCE may not have, found by their tokens. */
export function calledFindings(tokens: readonly Token[]): Finding[] {
  const findings: Finding[] = [];
  for (const [index, { kind, upper, start, end }] of tokens.entries()) {
    if (kind !== "word" || tokens[index + 1]?.upper !== "(" || beforeAlias.has(tokens[index - 1]?.upper ?? ""))
      continue;
    const evidence = evidenceOf(upper);
    if (Object.hasOwn(foreign, upper)) {
      const message = `${upper} does not exist in T-SQL`;
      const edits = sameCall(tokens, index);
      const remark = { code: "FOREIGN_FUNCTION", message, fix: `Use ${foreign[upper]}`, ...given({ edits }) };
      findings.push({ start, end, remark });
    } else if (evidence === "disputed" || evidence === "newer") {
      const message =
        evidence === "newer"
          ? `${upper} is newer than MCE's database`
          : `${upper} may not work in MCE: references disagree`;
      findings.push({ start, end, remark: { code: "DISPUTED_FUNCTION", severity: "warning", message } });
    }
  }
  return findings;
}

function unknownFinding({ name: parts }: Call, nearest: Nearest): Finding | undefined {
  const name = parts.at(-1);
  if (name === undefined) return undefined;
  if (parts.length > 1) {
    const message = `${parts.map(({ value }) => value).join(".")} cannot be called: functions of your own do not exist in MCE`;
    return { ...placeOf(parts), remark: { code: "OWN_FUNCTION", message } };
  }
  const upper = upperCase(name.value);
  if (isKnownFunction(upper) || Object.hasOwn(foreign, upper)) return undefined;
  const like = nearest(upper, knownFunctions());
  const place = placeOf(parts);
  const remark = {
    code: "UNKNOWN_FUNCTION",
    severity: "warning" as const,
    message: `${name.value} is no function known here`,
    ...given({
      fix: like && `Did you mean ${like.name}?`,
      edits: like?.isSole === true ? [{ ...place, text: like.name }] : undefined,
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
