import { given } from "#lang/given.ts";
import advice from "./advice.prose.json" with { type: "json" };
import type { Finding, Remark } from "../diagnostic.ts";
import { backtickEnd, isAdjacent, orSigns, sameSigns } from "../syntax/foreign-tokens.ts";
import type { Token } from "../syntax/scan.ts";
import { bracketed } from "../text/splice.ts";

/** Operators of other databases, each as its adjacent tokens, and what to do about it; `sameSigns` have one answer. */
const operators: readonly [sign: string, fix: string][] = [
  ...[...sameSigns].map(([sign, instead]): [string, string] => [sign, `Write ${instead}`]),
  ...Object.entries(advice.signs).filter(([sign]) => sign.includes(" ")),
];

/** The same operators by their first token. */
const bySign = new Map<string, { rest: string; fix: string; instead: string | undefined }[]>();
for (const [sign, fix] of operators) {
  const [first = "", rest = ""] = sign.split(" ");
  bySign.set(first, [...(bySign.get(first) ?? []), { rest, fix, instead: sameSigns.get(sign) }]);
}

/** T-SQL lets a blank stand inside these: `! =`. */
const behindNot = new Set(["=", "<", ">"]);
const comparisons = new Set(["=", "<", ">", "<>", "!=", "<=", ">=", "BETWEEN", "AND"]);
const types = new Set(
  "INT INTEGER BIGINT TEXT VARCHAR NVARCHAR CHAR DATE DATETIME TIMESTAMP TIME BOOLEAN BOOL NUMERIC DECIMAL FLOAT DOUBLE".split(
    " ",
  ),
);

/** A text's tokens and the one that is looked at. */
type Here = { sql: string; tokens: readonly Token[]; index: number; ors: ReadonlySet<number> };

/** What is foreign: the index of its last token, what to say, and what to write in its place. */
type Found = { last: number; remark: Remark; instead?: string };

function remarkOn(what: string, fix: string): Remark {
  return { code: "FOREIGN_OPERATOR", message: `${what} does not exist in T-SQL`, fix };
}

function operatorFound(token: Token, { sql, tokens, index, ors }: Here): Found | undefined {
  const next = tokens[index + 1];
  // What else it joins are texts: of these the syntax tree tells.
  if (token.upper === "||")
    return ors.has(index) ? { last: index, remark: remarkOn("||", "Write OR"), instead: "OR" } : undefined;
  for (const { rest, fix, instead } of bySign.get(token.upper) ?? []) {
    if (!isAdjacent(token, next) || next.upper !== rest) continue;
    // `a&&b`: the word needs blanks around it.
    const text = instead === "AND" ? " AND " : instead;
    return { last: index + 1, remark: remarkOn(sql.slice(token.start, next.end), fix), ...given({ instead: text }) };
  }
  if (token.upper === "!" && !behindNot.has(next?.upper ?? ""))
    return { last: index, remark: remarkOn("!", advice.signs["!"]) };
  // geometry::Parse(…) is T-SQL; a type behind :: is another database's CAST.
  const type = token.upper === "::" && next !== undefined && types.has(next.upper) ? next : undefined;
  return type && { last: index + 1, remark: remarkOn("::", `Write CAST(… AS ${type.upper})`) };
}

/** A name in backticks, which are another database's brackets. */
function backtickFound(token: Token, { sql, tokens, index }: Here): Found | undefined {
  if (token.upper !== "`") return undefined;
  const last = backtickEnd(tokens, index);
  const close = tokens[last];
  const name = close === undefined ? "name" : sql.slice(token.end, close.start);
  const remark = remarkOn("`", `Write ${bracketed(name)}`);
  return close === undefined ? { last: index, remark } : { last, remark, instead: bracketed(name) };
}

/** Words that are T-SQL's too but say nothing there: each only where no name of T-SQL's can stand. */
function wordFound(token: Token, { tokens, index }: Here): Found | undefined {
  const before = tokens[index - 1];
  const next = tokens[index + 1];
  const isBeforeText = next?.kind === "string" || next?.kind === "variable";
  const found = (last: number, fix: string, instead?: string): Found => ({
    last,
    remark: remarkOn(token.upper, fix),
    ...given({ instead }),
  });
  switch (token.upper) {
    case "ILIKE":
      return isBeforeText ? found(index, advice.signs.ILIKE, "LIKE") : undefined;
    case "RLIKE":
    case "REGEXP":
      return isBeforeText ? found(index, advice.signs.RLIKE) : undefined;
    case "INTERVAL": {
      const isAdded = before?.upper === "+" || before?.upper === "-";
      const isAmount = isBeforeText || next?.kind === "number";
      return isAdded && isAmount ? found(index, advice.signs.INTERVAL) : undefined;
    }
    case "DATE":
    case "TIMESTAMP":
      return isBeforeText && comparisons.has(before?.upper ?? "") ? found(index, advice.signs.DATE, "") : undefined;
    case "NULLS":
      return next?.upper === "FIRST" || next?.upper === "LAST" ? found(index + 1, advice.signs.NULLS) : undefined;
    case "USING":
      return next?.upper === "(" && before?.kind !== "operator" ? found(index, advice.signs.USING) : undefined;
    case "CURRENT_DATE":
    case "CURRENT_TIME":
      return next?.upper === "(" || before?.upper === "AS" || before?.upper === "."
        ? undefined
        : found(
            index,
            `Write CAST(GETDATE() AS ${token.upper.slice(8)})`,
            `CAST(GETDATE() AS ${token.upper.slice(8)})`,
          );
    case "TRUE":
    case "FALSE": {
      const isTest = before?.upper === "IS" || (before?.upper === "NOT" && tokens[index - 2]?.upper === "IS");
      const bit = token.upper === "TRUE" ? 1 : 0;
      const fix = before?.upper === "IS" ? `Write = ${bit}` : `Write (… = ${1 - bit} OR … IS NULL)`;
      return isTest ? found(index, fix) : undefined;
    }
    default:
      return undefined;
  }
}

/**
 * Signs and words of other databases that T-SQL does not have: `==`, `&&`, backticks, ILIKE, INTERVAL and the like.
 *
 * Reads tokens only, each where T-SQL can mean nothing by it.
 */
export function foreignSignFindings(tokens: readonly Token[], sql: string): Finding[] {
  const findings: Finding[] = [];
  const ors = orSigns(tokens);
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token === undefined) break;
    const here: Here = { sql, tokens, index, ors };
    const found =
      token.kind === "operator"
        ? (backtickFound(token, here) ?? operatorFound(token, here))
        : token.kind === "word" && tokens[index - 1]?.upper !== "."
          ? wordFound(token, here)
          : undefined;
    if (found === undefined) continue;
    const place = { start: token.start, end: tokens[found.last]?.end ?? token.end };
    const edits = found.instead === undefined ? undefined : [{ ...place, text: found.instead }];
    findings.push({ ...place, remark: { ...found.remark, ...given({ edits }) } });
    index = found.last;
  }
  return findings;
}
