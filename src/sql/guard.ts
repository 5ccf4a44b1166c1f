import advice from "./lint/advice.prose.json" with { type: "json" };
import { diagnosticsOf, type Diagnostic, type Finding, type Remark } from "./diagnostic.ts";
import { mendedTogether } from "./lint/together.ts";
import { said } from "./lint/said.ts";
import { letterFinding } from "./lint/letters.ts";
import { reservedFinding } from "./lint/reserved.ts";
import { beginCommonTables, hasCommonTables, mainSelectIndex } from "./text/common-table-tokens.ts";
import { forbidden, notASelect } from "./text/forbidden-words.ts";
import { blankFindings, blankNotes, withPlainBlanks } from "./text/blanks.ts";
import { lookAlikeFindings } from "./text/look-alikes.ts";
import { linesOf } from "./text/positions.ts";
import { isClauseWord, isReserved, joinWords } from "./syntax/reserved.ts";
import { isEscaped } from "./syntax/odbc.ts";
import { scan, type Scan, type Token, type Unclosed } from "./syntax/scan.ts";
import { unsendableFindings } from "./text/unsendable.ts";

export type { Diagnostic } from "./diagnostic.ts";

/** The one SELECT that may run, or where and why the text is refused. */
export type Guarded = { ok: true; sql: string; notes: string[] } | { ok: false; diagnostics: Diagnostic[] };

/** More than this many refusals help nobody. */
const maxDiagnostics = 20;

const unclosedCodes = {
  string: "UNCLOSED_STRING",
  bracket: "UNCLOSED_BRACKET",
  quoted: "UNCLOSED_QUOTED",
  comment: "UNCLOSED_COMMENT",
} as const;

function unclosedFinding({ kind, start }: Unclosed): Finding {
  return { start, end: start + (kind === "comment" ? 2 : 1), remark: said(unclosedCodes[kind]) };
}

function found(token: Token, remark: Remark): Finding {
  return { start: token.start, end: token.end, remark };
}

/** What stands before the statement's SELECT: nothing but common table expressions or opening parentheses may. */
function headFinding(sql: string, tokens: readonly Token[]): Finding | undefined {
  const first = tokens.findIndex(({ upper }) => upper !== "(");
  const token = tokens[first];
  if (token === undefined) {
    return { start: 0, end: sql.length, remark: said("EMPTY_SQL") };
  }
  if (hasCommonTables(tokens)) return undefined;
  const meant = token.kind === "word" ? letterFinding(sql, token, "SELECT") : undefined;
  if (meant !== undefined) return meant;
  if (token.upper !== "SELECT") return found(token, notASelect(token.upper || sql.slice(token.start, token.end)));
  if (tokens[first + 1] !== undefined) return undefined;
  return found(token, said("EMPTY_SELECT"));
}

const setOperators = new Set(["UNION", "EXCEPT", "INTERSECT"]);

/** Whether a SELECT may stand behind these two words: at the start, in a subquery, or behind a set operator. */
function maySelectFollow(before: string | undefined, beforeThat: string | undefined): boolean {
  return (
    before === undefined || before === "(" || setOperators.has(before) || (before === "ALL" && beforeThat === "UNION")
  );
}

const secondSelect: Remark = said("TWO_STATEMENTS");

const tableWords = new Set(["FROM", "JOIN", "APPLY", "."]);
/** Behind these a name stands, whatever else the word would do. */
const nameOpeners = new Set(["FROM", "JOIN", "APPLY", "AS", "SELECT", "DISTINCT", ","]);

/** The words and operators beside a token: "" for a name or value, nothing where the text begins or ends. */
type Neighbours = { before: string | undefined; beforeThat: string | undefined; next: string | undefined };

function tokenFinding(
  sql: string,
  token: Token,
  { before, beforeThat, next }: Neighbours,
  variables: ReadonlySet<string>,
): Finding | undefined {
  if (token.kind === "variable") {
    const name = sql.slice(token.start, token.end);
    if (variables.has(name.slice(1).toLowerCase())) return undefined;
    return found(token, said(name.startsWith("@@") ? "VARIABLE:server" : "VARIABLE", name));
  }
  if (token.kind === "temp" && tableWords.has(before ?? "")) {
    const name = sql.slice(token.start, token.end);
    return found(token, said("TEMP_TABLE", name));
  }
  // Behind a dot only a name can stand, and `{fn INSERT(…)}` inserts nothing.
  if (token.kind !== "word" || before === "." || isEscaped(before, beforeThat)) return undefined;
  if (token.upper === "SELECT") {
    if (maySelectFollow(before, beforeThat)) return undefined;
    return found(token, secondSelect);
  }
  // BROWSE is a clause behind FOR only.
  const remark = token.upper === "BROWSE" && before !== "FOR" ? undefined : forbidden(token.upper, next ?? "");
  if (remark === undefined) return undefined;
  const isName = nameOpeners.has(before ?? "") && next !== "(" && isReserved(token.upper);
  return isName ? reservedFinding(sql, token) : found(token, remark);
}

/** Parentheses that open without closing or close without opening: MCE puts the text between parentheses of its own. */
function parenthesesFindings(tokens: readonly Token[]): Finding[] {
  const open: Token[] = [];
  const findings: Finding[] = [];
  for (const token of tokens) {
    if (token.upper === "(") open.push(token);
    else if (token.upper === ")" && open.pop() === undefined) {
      findings.push(found(token, said("UNBALANCED:close")));
    }
  }
  for (const token of open) {
    findings.push(found(token, said("UNBALANCED:open")));
  }
  return findings;
}

/** What is said of a clause that can only go, with the edit that takes it away: `INTO x.y`, `FOR BROWSE`. */
function withoutClause(finding: Finding, tokens: readonly Token[], index: number): Finding {
  const { start, end } = finding;
  const { code, fix } = finding.remark;
  if (code === "NOT_A_SELECT" && fix !== undefined)
    return { ...finding, remark: { ...finding.remark, edits: [{ start, end, text: "IIF" }] } };
  if (code === "FOR_BROWSE") {
    const from = tokens[index - 1]?.start ?? start;
    return { ...finding, remark: { ...finding.remark, edits: [{ start: from, end, text: "" }] } };
  }
  if (code !== "SELECT_INTO") return finding;
  let last = index + 1;
  while (tokens[last + 1]?.upper === "." && tokens[last + 2] !== undefined) last += 2;
  const edits = [{ start, end: tokens[last]?.end ?? end, text: "" }];
  return { ...finding, remark: { ...finding.remark, edits } };
}

/** Common table expressions of a query in parentheses, which SQL Server does not know. */
function nestedWith(tokens: readonly Token[]): Finding | undefined {
  const token = tokens.find(
    ({ upper }, index) => upper === "WITH" && tokens[index - 1]?.upper === "(" && tokens[index + 1]?.upper !== "(",
  );
  return token && found(token, said("NESTED_WITH"));
}

function findings(sql: string, tokens: readonly Token[], variables: ReadonlySet<string>): Finding[] {
  const head = nestedWith(tokens) ?? headFinding(sql, tokens);
  if (head !== undefined) return [head];
  const all: Finding[] = [];
  const main = mainSelectIndex(tokens);
  for (const [index, token] of tokens.entries()) {
    if (index === main) continue;
    if (index > 0 && beginCommonTables(tokens, index)) all.push(found(token, secondSelect));
    if (token.upper === ";") {
      all.push(semicolonFinding(tokens, index, token, main));
      break;
    }
    const [before, beforeThat, next] = [index - 1, index - 2, index + 1].map((at) => tokens[at]?.upper);
    const finding = tokenFinding(sql, token, { before, beforeThat, next }, variables);
    if (finding !== undefined) all.push(withoutClause(finding, tokens, index));
  }
  return [...all, ...parenthesesFindings(tokens)];
}

/** Words that go on with a query and begin no statement. */
const joining = new Set([...joinWords, "AND", "OR", "ASC", "DESC", "AS", ",", ")", "LIMIT", "OFFSET"]);

/** What is said of a semicolon in the middle: that a second statement begins, or that all of it is one. */
function semicolonFinding(tokens: readonly Token[], index: number, { start, end }: Token, main: number): Finding {
  const rest = tokens.slice(index);
  const second = rest.find(({ upper }) => upper !== ";");
  const place = { start: second?.start ?? start, end: second?.end ?? end };
  if (rest.every(({ upper }) => upper === ";" || upper === "GO")) {
    const edits = [{ start, end: rest.at(-1)?.end ?? end, text: "" }];
    return { ...place, remark: { ...said("BATCH_SEPARATOR"), edits } };
  }
  const upper = second?.upper ?? "";
  // What goes on behind it with a clause, or with the SELECT that its WITH is for, is one statement all the same.
  const isOne = upper === "SELECT" ? main > index : isClauseWord(upper) || joining.has(upper);
  const fix = isOne ? { fix: "Delete the ;", edits: [{ start, end, text: "" }] } : {};
  return { ...place, remark: { ...said("TWO_STATEMENTS:behind"), ...fix } };
}

/** Why a text cannot run. Where signs only look like SQL's, its tokens are not what was meant, and nothing else is said. */
function refusalsOf(sql: string, scanned: Scan, tokens: readonly Token[], variables: ReadonlySet<string>): Finding[] {
  const { unclosed } = scanned;
  const [open] = unclosed;
  const lookAlikes = lookAlikeFindings(sql, scanned);
  if (lookAlikes.length > 0) return [...unsendableFindings(sql), ...lookAlikes];
  const unreadable = open === undefined ? findings(sql, tokens, variables) : [unclosedFinding(open)];
  return [...unsendableFindings(sql), ...unreadable];
}

/**
 * Lets exactly one SELECT pass, by its tokens alone: no tree is needed and no legal MCE query is refused.
 *
 * @returns the text to run, with plain blanks for those that only look so and for a `;` before it, as people write `;WITH`,
 *   and a trailing `;` and what follows it cut off, each with a note; or every refusal with its place. A text that passes may still be wrong: lint and MCE say so. Never throws.
 */
export function guard(sql: string): Guarded {
  const scanned = scan(sql);
  return guardTokens(sql, scanned, blankFindings(sql, scanned));
}

/** The tokens of a text without the semicolons it begins and ends with: `;WITH x AS …` is a habit, and says nothing. */
export function withoutSemicolons(tokens: readonly Token[]): readonly Token[] {
  const isWord = ({ upper }: Token): boolean => upper !== ";";
  const first = tokens.findIndex(isWord);
  return first < 0 ? [] : tokens.slice(first, tokens.findLastIndex(isWord) + 1);
}

/** Guards a text whose tokens are known, and its blanks that are no plain ones; `variables` have a value, by lower-cased names. */
export function guardTokens(
  sql: string,
  scanned: Scan,
  blanks: readonly Finding[],
  variables: ReadonlySet<string> = none,
): Guarded {
  const tokens = withoutSemicolons(scanned.tokens);
  const refusals = refusalsOf(sql, scanned, tokens, variables);
  const lines = linesOf(sql);
  if (refusals.length > 0)
    return { ok: false, diagnostics: diagnosticsOf(lines, mendedTogether(sql, refusals), maxDiagnostics) };
  const plain = withPlainBlanks(sql, blanks);
  const notes = blankNotes(sql, lines, blanks);
  const [begin, end] = [tokens[0]?.start ?? 0, tokens.at(-1)?.end ?? 0];
  // Every place stays what it is.
  const isBefore = scanned.tokens[0] !== tokens[0];
  const head = isBefore ? plain.slice(0, begin).replaceAll(";", " ") : plain.slice(0, begin);
  if (isBefore) notes.push(advice.notes.left);
  const semicolon = scanned.tokens.find(({ start }) => start >= end);
  if (semicolon === undefined) return { ok: true, sql: head + plain.slice(begin), notes };
  notes.push(advice.notes.cut);
  return { ok: true, sql: head + plain.slice(begin, semicolon.start), notes };
}

const none: ReadonlySet<string> = new Set();
