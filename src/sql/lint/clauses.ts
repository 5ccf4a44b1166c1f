import { given } from "#lang/given.ts";
import type { Finding } from "../diagnostic.ts";
import type { Edit } from "../read/reading.ts";
import { isOffsetClause } from "../text/offset-clause.ts";
import type { Token } from "../syntax/scan.ts";

/** What stands between two parentheses, or outside all of them. */
type Frame = {
  hasSelect: boolean;
  /** The last word before its list: SELECT, DISTINCT, ALL. */
  selectEnd?: number;
  /** Set operators make ORDER BY the whole union's, out of reach of a branch's TOP. */
  hasSetOperator: boolean;
  hasTop: boolean;
  hasOffset: boolean;
  hasForXml: boolean;
  order?: { by: Token; end: number };
};

/** A text's tokens and the one that is looked at. */
type Here = { sql: string; tokens: readonly Token[]; index: number };

function openFrame(): Frame {
  return { hasSelect: false, hasSetOperator: false, hasTop: false, hasOffset: false, hasForXml: false };
}

function orderFinding(frame: Frame): Finding | undefined {
  const { order, hasOffset, hasForXml } = frame;
  if (!frame.hasSelect || order === undefined) return undefined;
  const hasTop = frame.hasTop && !frame.hasSetOperator;
  const place = { start: order.by.start, end: order.end };
  if (hasTop && hasOffset) {
    const remark = {
      code: "TOP_WITH_OFFSET",
      message: "TOP and OFFSET cannot stand in one query",
      fix: "Remove one of them",
    };
    return { ...place, remark };
  }
  if (hasTop || hasOffset || hasForXml) return undefined;
  const fix = "Remove ORDER BY, or limit the rows: SELECT TOP 100 …; a Data Extension keeps no order of its own";
  return { ...place, remark: { code: "ORDER_BY_WITHOUT_TOP", message: "ORDER BY needs TOP or OFFSET in MCE", fix } };
}

/** The edits that make SELECT TOP n of `LIMIT n`; nothing where a TOP, a set operation or an offset makes it something else. */
function topEdits({ selectEnd, hasTop, hasSetOperator }: Frame, { sql, tokens, index }: Here): Edit[] | undefined {
  const [limit, count, behind] = tokens.slice(index, index + 3);
  const isLast = behind === undefined || behind.upper === ")" || behind.upper === ";";
  if (selectEnd === undefined || hasTop || hasSetOperator || !isLast) return undefined;
  const rows = count === undefined ? "" : sql.slice(count.start, count.end);
  if (limit === undefined || count === undefined || !/^\d+$/.test(rows)) return undefined;
  return [
    { start: selectEnd, end: selectEnd, text: ` TOP ${rows}` },
    { start: limit.start, end: count.end, text: "" },
  ];
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

function limitFinding(frame: Frame, here: Here, limit: Token, count: Token): Finding {
  const edits = topEdits(frame, here);
  const remark = {
    code: "LIMIT",
    message: "LIMIT does not exist in MCE",
    fix: "Write SELECT TOP n",
    ...given({ edits }),
  };
  return { start: limit.start, end: count.end, remark };
}

function optionFinding({ tokens, index }: Here, { start, end }: Token): Finding {
  const last = closingEnd(tokens, index + 1);
  const message = "OPTION cannot stand in MCE: your SELECT runs inside another one";
  const edits = last === undefined ? undefined : [{ start, end: last, text: "" }];
  return { start, end, remark: { code: "OPTION_CLAUSE", message, fix: "Remove the clause", ...given({ edits }) } };
}

function nolockFinding({ tokens, index }: Here, { start, end }: Token): Finding {
  const [word, open, , close] = tokens.slice(Math.max(0, index - 2), index + 2);
  const isAlone = word?.upper === "WITH" && open?.upper === "(" && close?.upper === ")";
  const edits = isAlone ? [{ start: word.start, end: close.end, text: "" }] : undefined;
  const message = "NOLOCK changes nothing: MCE reads without locks anyway";
  return {
    start,
    end,
    remark: { code: "NOLOCK", severity: "warning", message, fix: "Remove the hint", ...given({ edits }) },
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
      frame.selectEnd = (next?.upper === "DISTINCT" || next?.upper === "ALL" ? next : token).end;
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
    case "LIMIT":
      if (next?.kind === "number") findings.push(limitFinding(frame, here, token, next));
      return;
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
  const message = "Marketing Cloud may refuse a query that begins with (: it wants SELECT to be the first word";
  const remark = { code: "SELECT_NOT_FIRST", severity: "warning" as const, message, fix: "Remove the ( and its )" };
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
