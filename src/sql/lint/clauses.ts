import { given } from "#lang/given.ts";
import type { Finding } from "../diagnostic.ts";
import type { Edit } from "../read/reading.ts";
import { isOffsetClause } from "../text/offset-clause.ts";
import { said } from "./said.ts";
import { limitAt, type Limit } from "../syntax/foreign-tokens.ts";
import type { Token } from "../syntax/scan.ts";

/** What stands between two parentheses, or outside all of them. */
type Frame = {
  hasSelect: boolean;
  /** The last word before its list: SELECT, DISTINCT, ALL. */
  selectEnd?: number;
  /** Set operators make ORDER BY the whole union's, out of reach of a branch's TOP. */
  hasSetOperator: boolean;
  isDistinct: boolean;
  hasTop: boolean;
  hasOffset: boolean;
  hasForXml: boolean;
  order?: { by: Token; end: number };
};

/** A text's tokens and the one that is looked at. */
type Here = { sql: string; tokens: readonly Token[]; index: number };

function openFrame(): Frame {
  return {
    hasSelect: false,
    hasSetOperator: false,
    isDistinct: false,
    hasTop: false,
    hasOffset: false,
    hasForXml: false,
  };
}

function orderFinding(frame: Frame): Finding | undefined {
  const { order, hasOffset, hasForXml } = frame;
  if (!frame.hasSelect || order === undefined) return undefined;
  const hasTop = frame.hasTop && !frame.hasSetOperator;
  const place = { start: order.by.start, end: order.end };
  if (hasTop && hasOffset) {
    return { ...place, remark: said("TOP_WITH_OFFSET") };
  }
  if (hasTop || hasOffset || hasForXml) return undefined;
  return { ...place, remark: said("ORDER_BY_WITHOUT_TOP") };
}

/** The edits that say the same in T-SQL; nothing where a TOP or a set operation makes it something else. */
function limitEdits(frame: Frame, { sql, tokens, index }: Here, { count, offset, last }: Limit): Edit[] | undefined {
  const { selectEnd, hasTop, hasSetOperator, hasOffset, isDistinct, order } = frame;
  const [rows, skipped] = [count, offset].map((token) => token && sql.slice(token.start, token.end));
  const [start, end] = [tokens[index]?.start ?? 0, tokens[last]?.end ?? 0];
  const isWhole = [rows, skipped ?? "0"].every((text = "") => /^(?:\d+|@\w+)$/.test(text));
  if (rows === undefined || selectEnd === undefined || hasTop || !isWhole) return undefined;
  if (hasOffset) {
    // `OFFSET 10 LIMIT 5`, mostly without ROWS.
    const before = /^ROWS?$/.test(tokens[index - 1]?.upper ?? "") ? "" : "ROWS ";
    return skipped === undefined ? [{ start, end, text: `${before}FETCH NEXT ${rows} ROWS ONLY` }] : undefined;
  }
  if (!hasSetOperator && (skipped ?? "0") === "0") {
    const top = rows.startsWith("@") ? `(${rows})` : rows;
    return [
      { start: selectEnd, end: selectEnd, text: ` TOP ${top}` },
      { start, end, text: "" },
    ];
  }
  // What DISTINCT and set operators give can be ordered by its own columns alone.
  const isOrdered = order !== undefined;
  if (Number(rows) === 0 || (!isOrdered && (hasSetOperator || isDistinct))) return undefined;
  const by = isOrdered ? "" : "ORDER BY (SELECT NULL) ";
  return [{ start, end, text: `${by}OFFSET ${skipped ?? 0} ROWS FETCH NEXT ${rows} ROWS ONLY` }];
}

/** No real OPTION clause has more tokens. */
const maxOptionTokens = 200;

/** The offset behind the parenthesis that closes the one at an index, if it is near. */
function closingEnd(tokens: readonly Token[], open: number): number | undefined {
  let depth = 0;
  for (let index = open; index < Math.min(tokens.length, open + maxOptionTokens); index += 1) {
    const { upper = "", end = 0 } = tokens[index] ?? {};
    if (upper === "(") depth += 1;
    else if (upper === ")") depth -= 1;
    if (depth === 0) return end;
  }
  return undefined;
}

const noLimit = "LIMIT does not exist in MCE";
const topFix = "Write SELECT TOP n";

function limitFinding(frame: Frame, here: Here, limit: Limit): Finding {
  const edits = limitEdits(frame, here, limit);
  // With the edit its ORDER BY may stand.
  frame.hasOffset ||= edits !== undefined;
  const fix = limit.offset === undefined ? topFix : "Write ORDER BY … OFFSET m ROWS FETCH NEXT n ROWS ONLY";
  const remark = {
    code: "LIMIT",
    message: here.tokens[here.index]?.upper === "FETCH" ? "FETCH needs OFFSET before it in T-SQL" : noLimit,
    fix,
    ...given({ edits }),
  };
  return { start: here.tokens[here.index]?.start ?? 0, end: here.tokens[limit.last]?.end ?? 0, remark };
}

function optionFinding({ tokens, index }: Here, { start, end }: Token): Finding {
  const last = closingEnd(tokens, index + 1);
  const edits = last === undefined ? undefined : [{ start, end: last, text: "" }];
  return { start, end, remark: { ...said("OPTION_CLAUSE"), ...given({ edits }) } };
}

function nolockFinding({ tokens, index }: Here, { start, end }: Token): Finding {
  const [word, open, , close] = tokens.slice(Math.max(0, index - 2), index + 2);
  const isAlone = word?.upper === "WITH" && open?.upper === "(" && close?.upper === ")";
  const edits = isAlone ? [{ start: word.start, end: close.end, text: "" }] : undefined;
  return {
    start,
    end,
    remark: { ...said("NOLOCK"), severity: "warning", ...given({ edits }) },
  };
}

/** Notes what a word of a frame means for its clauses, and finds words that have no place in MCE. */
function readWord(frame: Frame, here: Here, findings: Finding[]): void {
  const { tokens, index } = here;
  const token = tokens[index];
  const next = tokens[index + 1];
  if (token === undefined) return;
  switch (token.upper) {
    case "SELECT":
      frame.hasSelect = true;
      frame.hasTop = false;
      frame.isDistinct = next?.upper === "DISTINCT";
      frame.selectEnd = (frame.isDistinct || next?.upper === "ALL" ? next : token)?.end ?? token.end;
      return;
    case "UNION":
    case "EXCEPT":
    case "INTERSECT":
      frame.hasSetOperator = true;
      return;
    case "TOP":
      frame.hasTop ||= ["SELECT", "DISTINCT", "ALL"].includes(tokens[index - 1]?.upper ?? "");
      return;
    case "ORDER":
      if (next?.upper === "BY") frame.order = { by: token, end: next.end };
      return;
    case "OFFSET":
      frame.hasOffset ||= frame.order !== undefined && isOffsetClause(tokens, index);
      return;
    case "FOR":
      frame.hasForXml ||= next?.upper === "XML" || next?.upper === "JSON";
      return;
    case "FETCH":
    case "LIMIT": {
      // What follows makes of it something that no edit can mend.
      const limit = limitAt(tokens, index);
      if (limit !== undefined) findings.push(limitFinding(frame, here, limit));
      else if (token.upper === "LIMIT" && next?.kind === "number")
        findings.push({ start: token.start, end: next.end, remark: { code: "LIMIT", message: noLimit, fix: topFix } });
      return;
    }
    case "OPTION":
      if (next?.upper === "(") findings.push(optionFinding(here, token));
      return;
    case "NOLOCK":
      if (tokens[index - 1]?.upper === "(" || tokens[index - 1]?.upper === ",")
        findings.push(nolockFinding(here, token));
      return;
    default:
  }
}

/** A text that begins with a parenthesis: MCE wants SELECT to be the first word (MCE 5.2), and nobody has shown how it counts. */
function headFindings(tokens: readonly Token[]): Finding[] {
  const [first] = tokens;
  if (first?.upper !== "(") return [];
  const remark = { ...said("SELECT_NOT_FIRST"), severity: "warning" as const };
  return [{ start: first.start, end: first.end, remark }];
}

/**
 * Clauses that cannot or need not stand where they do: ORDER BY without TOP or OFFSET, LIMIT, OPTION, NOLOCK.
 *
 * Reads tokens only, so that it works on texts that are not understood. Source: MCE 5.2, 8.1, 8.2.
 */
export function clauseFindings(tokens: readonly Token[], sql: string): Finding[] {
  const findings = headFindings(tokens);
  const outer: Frame[] = [];
  let frame = openFrame();
  const close = (): void => {
    const finding = orderFinding(frame);
    if (finding !== undefined) findings.push(finding);
  };
  for (const [index, token] of tokens.entries()) {
    if (token.upper === "(") {
      outer.push(frame);
      frame = openFrame();
    } else if (token.upper === ")") {
      close();
      frame = outer.pop() ?? openFrame();
    } else if (token.kind === "word" && tokens[index - 1]?.upper !== ".") {
      readWord(frame, { sql, tokens, index }, findings);
    }
  }
  close();
  return findings;
}
