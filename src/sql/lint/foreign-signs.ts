import { given } from "#lang/given.ts";
import type { Finding, Remark } from "../diagnostic.ts";
import type { Token } from "../syntax/scan.ts";
import { bracketed } from "../text/splice.ts";

/** Operators of other databases, each as its adjacent tokens, what T-SQL has instead, and what to write where that is all. */
const operators: readonly [sign: string, fix: string, instead?: string][] = [
  ["= =", "Write =", "="],
  ["<= >", "Write a = b OR (a IS NULL AND b IS NULL)"],
  ["= >", "Write >=", ">="],
  ["= <", "Write <=", "<="],
  ["= !", "Write !=", "!="],
  ["||", "Write +, or CONCAT(…), which takes NULL for empty", "+"],
  ["& &", "Write AND", "AND"],
  ["- >", "Write JSON_VALUE(text, '$.name')"],
  ["* *", "Write POWER(number, exponent)"],
  ["/ /", "Write -- before a comment"],
  ["! ~", "Write NOT LIKE, or PATINDEX('%…%', text) = 0"],
];

/** The same operators by their first token. */
const bySign = new Map<string, { rest: string | undefined; fix: string; instead: string | undefined }[]>();
for (const [sign, fix, instead] of operators) {
  const [first = "", rest] = sign.split(" ");
  bySign.set(first, [...(bySign.get(first) ?? []), { rest, fix, instead }]);
}

/** T-SQL lets a blank stand inside these: `! =`. */
const behindNot = new Set(["=", "<", ">"]);
const comparisons = new Set(["=", "<", ">", "<>", "!=", "<=", ">=", "BETWEEN", "AND"]);
/** No name is made of more words and signs. */
const maxNameTokens = 20;
const types = new Set(
  "INT INTEGER BIGINT TEXT VARCHAR NVARCHAR CHAR DATE DATETIME TIMESTAMP TIME BOOLEAN BOOL NUMERIC DECIMAL FLOAT DOUBLE".split(
    " ",
  ),
);

function isAdjacent(one: Token, other: Token | undefined): other is Token {
  return other !== undefined && one.end === other.start;
}

/** A text's tokens and the one that is looked at. */
type Here = { sql: string; tokens: readonly Token[]; index: number };

/** What is foreign: the index of its last token, what to say, and what to write in its place. */
type Found = { last: number; remark: Remark; instead?: string };

function remarkOn(what: string, fix: string): Remark {
  return { code: "FOREIGN_OPERATOR", message: `${what} does not exist in T-SQL`, fix };
}

function operatorFound(token: Token, { sql, tokens, index }: Here): Found | undefined {
  const next = tokens[index + 1];
  for (const { rest, fix, instead } of bySign.get(token.upper) ?? []) {
    if (rest === undefined) return { last: index, remark: remarkOn(token.upper, fix), ...given({ instead }) };
    if (!isAdjacent(token, next) || next.upper !== rest) continue;
    // `a&&b`: the word needs blanks around it.
    const text = instead === "AND" ? " AND " : instead;
    return { last: index + 1, remark: remarkOn(sql.slice(token.start, next.end), fix), ...given({ instead: text }) };
  }
  if (token.upper === "!" && !behindNot.has(next?.upper ?? ""))
    return { last: index, remark: remarkOn("!", "Write NOT, or <> before =") };
  // geometry::Parse(…) is T-SQL; a type behind :: is another database's CAST.
  const type = token.upper === "::" && next !== undefined && types.has(next.upper) ? next : undefined;
  return type && { last: index + 1, remark: remarkOn("::", `Write CAST(… AS ${type.upper})`) };
}

/** A name in backticks, which are another database's brackets. */
function backtickFound(token: Token, { sql, tokens, index }: Here): Found | undefined {
  if (token.upper !== "`") return undefined;
  const behind = tokens.slice(index + 1, index + maxNameTokens).findIndex(({ upper }) => upper === "`");
  const close = behind < 0 ? undefined : tokens[index + 1 + behind];
  const name = close === undefined ? "name" : sql.slice(token.end, close.start);
  const remark = remarkOn("`", `Write ${bracketed(name)}`);
  return close === undefined ? { last: index, remark } : { last: index + 1 + behind, remark, instead: bracketed(name) };
}

/** Words that are T-SQL's too but say nothing there: each only where no name of T-SQL's can stand. */
function wordFound(token: Token, { tokens, index }: Here): Found | undefined {
  const before = tokens[index - 1];
  const next = tokens[index + 1];
  const isBeforeText = next?.kind === "string";
  const found = (last: number, fix: string, instead?: string): Found => ({
    last,
    remark: remarkOn(token.upper, fix),
    ...given({ instead }),
  });
  switch (token.upper) {
    case "ILIKE":
      return isBeforeText ? found(index, "Write LIKE: MCE compares without regard to case", "LIKE") : undefined;
    case "RLIKE":
    case "REGEXP":
      return isBeforeText ? found(index, "Write LIKE, or PATINDEX('%…%', text) > 0") : undefined;
    case "INTERVAL": {
      const isAdded = before?.upper === "+" || before?.upper === "-";
      const isAmount = isBeforeText || next?.kind === "number";
      return isAdded && isAmount ? found(index, "Write DATEADD(day, n, date)") : undefined;
    }
    case "DATE":
    case "TIMESTAMP":
      return isBeforeText && comparisons.has(before?.upper ?? "")
        ? found(index, "Write the date as text: '2026-01-31'", "")
        : undefined;
    case "NULLS":
      return next?.upper === "FIRST" || next?.upper === "LAST"
        ? found(index + 1, "Write ORDER BY CASE WHEN … IS NULL THEN 1 ELSE 0 END, …")
        : undefined;
    case "USING":
      return next?.upper === "(" && before?.kind !== "operator" ? found(index, "Write ON a.Key = b.Key") : undefined;
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
      return isTest ? found(index, `Write = ${token.upper === "TRUE" ? 1 : 0}`) : undefined;
    }
    default:
      return undefined;
  }
}

/**
 * Signs and words of other databases that T-SQL does not have: `==`, `||`, `&&`, backticks, ILIKE, INTERVAL and the like.
 *
 * Reads tokens only, each where T-SQL can mean nothing by it.
 */
export function foreignSignFindings(tokens: readonly Token[], sql: string): Finding[] {
  const findings: Finding[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token === undefined) break;
    const here: Here = { sql, tokens, index };
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
