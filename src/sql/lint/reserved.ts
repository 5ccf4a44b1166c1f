import { said } from "./said.ts";
import type { Finding } from "../diagnostic.ts";
import { isReserved } from "../syntax/reserved.ts";
import { isOnlyName } from "../text/reserved-words.ts";
import type { Token } from "../syntax/scan.ts";
import { bracketed } from "../text/splice.ts";

/** What to say of a reserved word that stands for a name, at its place. */
export function reservedFinding(sql: string, { start, end }: Pick<Token, "start" | "end">): Finding {
  const written = sql.slice(start, end);
  const text = bracketed(written);
  const remark = { ...said("RESERVED_WORD", written, text), edits: [{ start, end, text }] };
  return { start, end, remark };
}

/** Reserved words that stand for a value by themselves. */
const values = new Set(["CURRENT_TIMESTAMP", "CURRENT_USER", "SESSION_USER", "SYSTEM_USER", "USER", "IDENTITYCOL"]);

/** Words that no value may begin with, and what makes them a clause all the same when it follows. */
const clauses: Readonly<Record<string, readonly string[]>> = {
  ORDER: ["BY"],
  GROUP: ["BY"],
  LEFT: ["(", "JOIN", "OUTER"],
  RIGHT: ["(", "JOIN", "OUTER"],
  FULL: ["JOIN", "OUTER"],
  CROSS: ["JOIN", "APPLY"],
  OUTER: ["APPLY"],
  INNER: ["JOIN"],
  OPTION: ["("],
  INDEX: ["("],
  PERCENT: [],
  DESC: [],
  ASC: [],
  FETCH: ["NEXT", "FIRST"],
  DOUBLE: ["PRECISION"],
  NATIONAL: ["CHAR", "CHARACTER", "TEXT"],
  PRECISION: [],
  VARYING: [],
  OVER: ["("],
  BROWSE: [],
};

/** Behind these a value, and so a name, begins. */
const openers = new Set(
  "SELECT DISTINCT , = < > <> != <= >= + - / % WHERE AND OR ON WHEN THEN ELSE HAVING BY BETWEEN LIKE CASE NOT".split(
    " ",
  ),
);

/** Parentheses behind these hold words of their own: hints. */
const hinted = new Set(["WITH", "OPTION"]);
/** Reserved words that give rows when they are called. */
const tableFunctions = new Set(
  "OPENXML OPENQUERY OPENROWSET OPENDATASOURCE CONTAINSTABLE FREETEXTTABLE SEMANTICKEYPHRASETABLE SEMANTICSIMILARITYTABLE SEMANTICSIMILARITYDETAILSTABLE".split(
    " ",
  ),
);
/** In the parentheses of these FROM is followed by a value. */
const fromInside = new Set(["TRIM", "SUBSTRING", "EXTRACT", "OVERLAY"]);

/** A word with those beside it, and the word before the parenthesis it stands in. */
type Place = { word: string; before: Token | undefined; beforeThat: Token | undefined; next: string; inside: string };

function isTableName({ word, before, beforeThat, next, inside }: Place): boolean {
  if (next === "(" && tableFunctions.has(word)) return false;
  if (before?.upper === "APPLY") return beforeThat?.upper === "CROSS" || beforeThat?.upper === "OUTER";
  if (before?.upper === "JOIN") return true;
  return before?.upper === "FROM" && beforeThat?.upper !== "DISTINCT" && !fromInside.has(inside);
}

function isAlias({ word, before, next }: Place): boolean {
  if (before?.upper !== "AS") return false;
  return clauses[word]?.includes(next) !== true || (word !== "NATIONAL" && word !== "DOUBLE");
}

/** Whether a token ends a name or a value, so that a name behind it is an alias. */
function endsName(token: Token | undefined): boolean {
  if (token === undefined) return false;
  if (token.kind === "bracket" || token.kind === "quoted") return true;
  return token.kind === "word" && !isReserved(token.upper) && token.upper !== "TIES";
}

function isBareName(place: Place): boolean {
  const { word, before, next, inside } = place;
  if (isOnlyName(word)) return next !== "(";
  if (values.has(word)) return next !== "(" && endsName(before);
  if (!openers.has(before?.upper ?? "") || hinted.has(inside)) return false;
  const continued = clauses[word];
  return continued !== undefined && !continued.includes(next);
}

function standsForName(place: Place): boolean {
  const { before, inside } = place;
  if (before?.upper === ".") return true;
  if (inside === "OPTION" || (hinted.has(inside) && before?.upper !== "AS")) return false;
  return isTableName(place) || isAlias(place) || isBareName(place);
}

/**
 * Reserved words of T-SQL that stand for a table, a column or an alias without brackets: SQL Server refuses each.
 *
 * Reads tokens only, so that it works on texts that are not understood.
 */
export function reservedFindings(tokens: readonly Token[], sql: string): Finding[] {
  const findings: Finding[] = [];
  const outer: string[] = [];
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1];
    if (token.upper === "(") outer.push(before?.upper ?? "");
    else if (token.upper === ")") outer.pop();
    if (token.kind !== "word" || !isReserved(token.upper) || before?.upper === "`") continue;
    const place: Place = {
      word: token.upper,
      before,
      beforeThat: tokens[index - 2],
      next: tokens[index + 1]?.upper ?? "",
      inside: outer.at(-1) ?? "",
    };
    if (!standsForName(place)) continue;
    findings.push(reservedFinding(sql, token));
  }
  return findings;
}
