import { diagnosticsOf, type Diagnostic, type Finding, type Remark } from "./diagnostic.ts";
import { letterFinding } from "./lint/letters.ts";
import { reservedFinding } from "./lint/reserved.ts";
import { beginCommonTables, hasCommonTables, mainSelectIndex } from "./text/common-table-tokens.ts";
import { forbidden, notASelect } from "./text/forbidden-words.ts";
import { withoutSemicolons } from "./text/semicolons.ts";
import { blankFindings, blankNotes, withPlainBlanks } from "./text/blanks.ts";
import { lookAlikeFindings } from "./text/look-alikes.ts";
import { linesOf } from "./text/positions.ts";
import { isClauseWord, isReserved, joinWords } from "./syntax/reserved.ts";
import { scan, type Scan, type Token, type Unclosed } from "./syntax/scan.ts";
import { unsendableFindings } from "./text/unsendable.ts";

export type { Diagnostic } from "./diagnostic.ts";

/** The one SELECT that may run, or where and why the text is refused. */
export type Guarded = { ok: true; sql: string; notes: string[] } | { ok: false; diagnostics: Diagnostic[] };

/** More than this many refusals help nobody. */
const maxDiagnostics = 20;

const unclosedNames = {
  string: "this string has no closing '",
  bracket: "this name has no closing ]",
  quoted: 'this name has no closing "',
  comment: "this comment has no closing */",
} as const;

function unclosedFinding({ kind, start }: Unclosed): Finding {
  const remark = { code: `UNCLOSED_${kind.toUpperCase()}`, message: `Cannot read the query: ${unclosedNames[kind]}` };
  return { start, end: start + (kind === "comment" ? 2 : 1), remark };
}

function found(token: Token, remark: Remark): Finding {
  return { start: token.start, end: token.end, remark };
}

/** What stands before the statement's SELECT: nothing but common table expressions or opening parentheses may. */
function headFinding(sql: string, tokens: readonly Token[]): Finding | undefined {
  const first = tokens.findIndex(({ upper }) => upper !== "(");
  const token = tokens[first];
  if (token === undefined) {
    const remark = { code: "EMPTY_SQL", message: "There is no query: the text holds nothing but blanks and comments" };
    return { start: 0, end: sql.length, remark };
  }
  if (hasCommonTables(tokens)) return undefined;
  const meant = token.kind === "word" ? letterFinding(sql, token, "SELECT") : undefined;
  if (meant !== undefined) return meant;
  if (token.upper !== "SELECT") return found(token, notASelect(token.upper || sql.slice(token.start, token.end)));
  if (tokens[first + 1] !== undefined) return undefined;
  return found(token, { code: "EMPTY_SELECT", message: "The SELECT is empty: no columns follow it" });
}

const setOperators = new Set(["UNION", "EXCEPT", "INTERSECT"]);

/** Whether a SELECT may stand behind these two words: at the start, in a subquery, or behind a set operator. */
function maySelectFollow(before: string | undefined, beforeThat: string | undefined): boolean {
  return (
    before === undefined || before === "(" || setOperators.has(before) || (before === "ALL" && beforeThat === "UNION")
  );
}

const secondSelect: Remark = {
  code: "TWO_STATEMENTS",
  message: "Only one SELECT can run: a second one begins here",
  fix: "Run them one after another, or join them with UNION ALL",
};

const tableWords = new Set(["FROM", "JOIN", "APPLY", "."]);
/** Behind these a name stands, whatever else the word would do. */
const nameOpeners = new Set(["FROM", "JOIN", "APPLY", "AS", "SELECT", "DISTINCT", ","]);

/** The words and operators beside a token: "" for a name or value, nothing where the text begins or ends. */
type Neighbours = { before: string | undefined; beforeThat: string | undefined; next: string | undefined };

function tokenFinding(sql: string, token: Token, { before, beforeThat, next }: Neighbours): Finding | undefined {
  if (token.kind === "variable") {
    const name = sql.slice(token.start, token.end);
    return found(token, {
      code: "VARIABLE",
      message: `${name} cannot be used: variables do not exist in MCE`,
      fix: "Write the value itself",
    });
  }
  if (token.kind === "temp" && tableWords.has(before ?? "")) {
    const name = sql.slice(token.start, token.end);
    return found(token, {
      code: "TEMP_TABLE",
      message: `${name} cannot be read: temporary tables do not exist in MCE`,
    });
  }
  // Behind a dot only a name can stand.
  if (token.kind !== "word" || before === ".") return undefined;
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
      findings.push(found(token, { code: "UNBALANCED", message: "This ) closes nothing: no ( was opened before it" }));
    }
  }
  for (const token of open) {
    findings.push(found(token, { code: "UNBALANCED", message: "This ( is never closed by a )" }));
  }
  return findings;
}

/** What is said of a clause that can only go, with the edit that takes it away: `INTO x.y`, `FOR BROWSE`. */
function withoutClause(finding: Finding, tokens: readonly Token[], index: number): Finding {
  const { start, end } = finding;
  const { code } = finding.remark;
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
  const message = "WITH can only stand at the beginning of the text";
  return token && found(token, { code: "NESTED_WITH", message, fix: "Move it there: WITH name AS (…) SELECT …" });
}

function findings(sql: string, tokens: readonly Token[]): Finding[] {
  const head = nestedWith(tokens) ?? headFinding(sql, tokens);
  if (head !== undefined) return [head];
  const all: Finding[] = [];
  const main = mainSelectIndex(tokens);
  for (const [index, token] of tokens.entries()) {
    if (index === main) continue;
    if (index > 0 && beginCommonTables(tokens, index)) all.push(found(token, secondSelect));
    if (token.upper === ";") {
      const second = tokens[index + 1] ?? token;
      const message = "Only one SELECT can run: a second statement begins behind the ;";
      // What goes on behind it with a clause is one statement all the same.
      const isOne = second.upper !== "SELECT" && (isClauseWord(second.upper) || joining.has(second.upper));
      const fix = isOne ? { fix: "Delete the ;", edits: [{ start: token.start, end: token.end, text: "" }] } : {};
      all.push(found(second, { code: "TWO_STATEMENTS", message, ...fix }));
      break;
    }
    const finding = tokenFinding(sql, token, {
      before: tokens[index - 1]?.upper,
      beforeThat: tokens[index - 2]?.upper,
      next: tokens[index + 1]?.upper,
    });
    if (finding !== undefined) all.push(withoutClause(finding, tokens, index));
  }
  return [...all, ...parenthesesFindings(tokens)];
}

/** Words that go on with a query and begin no statement. */
const joining = new Set([...joinWords, "AND", "OR", "ASC", "DESC", "AS", ","]);

/** Why a text cannot run. Where signs only look like SQL's, its tokens are not what was meant, and nothing else is said. */
function refusalsOf(sql: string, scanned: Scan, own: readonly Token[]): Finding[] {
  const [open] = scanned.unclosed;
  const lookAlikes = lookAlikeFindings(sql, scanned);
  if (lookAlikes.length > 0) return [...unsendableFindings(sql), ...lookAlikes];
  const unreadable = open === undefined ? findings(sql, own) : [unclosedFinding(open)];
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

/** Guards a text whose tokens are known, and its blanks that are no plain ones. */
export function guardTokens(sql: string, scanned: Scan, blanks: readonly Finding[]): Guarded {
  const { tokens } = scanned;
  const own = withoutSemicolons(tokens);
  const [semicolon] = own.behind;
  const refusals = refusalsOf(sql, scanned, own.tokens);
  const lines = linesOf(sql);
  if (refusals.length > 0) return { ok: false, diagnostics: diagnosticsOf(lines, refusals, maxDiagnostics) };
  const plain = withPlainBlanks(withPlainBlanks(sql, blanks), own.before);
  const notes = [
    ...blankNotes(sql, lines, blanks),
    ...(own.before.length === 0 ? [] : ["The ; at the beginning was left out: MCE does not allow it"]),
  ];
  if (semicolon === undefined) return { ok: true, sql: plain, notes };
  return {
    ok: true,
    sql: plain.slice(0, semicolon.start),
    notes: [...notes, "The ; at the end was cut off: MCE does not allow it"],
  };
}
