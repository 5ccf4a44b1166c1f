import advice from "./lint/advice.prose.json" with { type: "json" };
import { said } from "./lint/said.ts";
import { given } from "#lang/given.ts";
import type { Diagnostic, Finding } from "./diagnostic.ts";
import { guardTokens, withoutSemicolons } from "./guard.ts";
import type { Problem } from "./syntax/parser.ts";
import { selectsOf } from "./syntax/places.ts";
import { readQuery, type QueryReading } from "./syntax/read-query.ts";
import { scan, type Scan } from "./syntax/scan.ts";
import { blankFindings } from "./text/blanks.ts";
import { linesOf, type Lines } from "./text/positions.ts";

/** A result has at most so many columns: the fields of the Data Extension it goes into. */
export const maxColumns = 1000;

/**
 * A text, read once. Every function that asks something about it takes this.
 *
 * `lost` is where the reader lost its way: what it says of such a text may be wrong, and MCE decides whether it runs; in
 * FROM (`isFromLost`) it may have missed tables. `isOther` when the text is something else than one SELECT.
 */
export type Query = QueryReading & { lines: Lines; lost?: Problem; isFromLost: boolean; isOther: boolean };

/** Reads a text. */
export function readText(sql: string, scanned: Scan = scan(sql)): Query {
  const reading = readQuery(sql, scanned);
  const problems = reading.problems.filter((problem) => !isClear(reading, problem));
  const [lost] = problems;
  const froms = selectsOf(reading.tree.body).flatMap(({ clauses }) => clauses.filter(({ name }) => name === "FROM"));
  return {
    ...reading,
    lines: linesOf(sql),
    ...given({ lost }),
    isFromLost: problems.some((problem) =>
      froms.some(({ start, until }) => start <= problem.start && problem.start < until),
    ),
    isOther: isOther(reading),
  };
}

function isOther({ tokens, tree, more }: QueryReading): boolean {
  const first = tokens.find(({ start }) => start >= tree.start);
  const isQuery = first !== undefined && ["SELECT", "WITH", "("].includes(first.upper);
  return more.length > 0 || !isQuery;
}

/** Whether a text is understood in spite of a problem: other rules say what is wrong there. */
function isClear({ tokens, tree }: QueryReading, { code, start, message }: Problem): boolean {
  // A reserved word without brackets still is the name that was meant.
  if (code === "RESERVED") return true;
  // What stands before the SELECT, which the guard lets no text have.
  if (start === tokens[0]?.start && start < tree.start) return true;
  return code === "UNEXPECTED" && message.toUpperCase() === "LIMIT";
}

/** Why a text is not understood, in words. */
export function whyLost({ sql, lost }: Query): string | undefined {
  if (lost === undefined) return undefined;
  const { code, message, start, end } = lost;
  if (code === "TOO_DEEP") return advice.notes.deep;
  const found = start >= sql.length ? "the end of the text" : sql.slice(start, Math.min(end, start + maxShown));
  const what = code === "EXPECTED" ? `expected ${message}, found ${found}` : `${found} is out of place`;
  return `the query is not understood here: ${what}`;
}

/** Why a FROM may lack tables; nothing where none does. */
export function whyFromLost(query: Query): string | undefined {
  return query.isFromLost ? whyLost(query) : undefined;
}

/** A text may hold a word of any length. */
const maxShown = 40;

/**
 * The one SELECT of a text, read, and what the guard has to say about it; or where and why the text is refused.
 *
 * `changed` is what was written otherwise on the way, by places, which are the same in both texts.
 */
export type GuardedQuery =
  | { ok: true; query: Query; notes: string[]; changed: readonly Finding[] }
  | { ok: false; sql: string; diagnostics: Diagnostic[] };

/** What is said of the semicolons the guard has left out at both ends: nobody can save a query with them. */
function semicolonFindings({ tokens }: Scan): Finding[] {
  const kept = withoutSemicolons(tokens);
  const begin = tokens.findIndex((token) => token === kept[0]);
  return [tokens.slice(0, begin), tokens.slice(begin + kept.length)].flatMap((left, index): Finding[] => {
    const [first, last] = [left[0], left.at(-1)];
    if (first === undefined || last === undefined) return [];
    const place = { start: first.start, end: last.end };
    const remark = said(index === 0 ? "SEMICOLON:begin" : "SEMICOLON:end");
    const edits = [{ ...place, text: "" }];
    return [{ ...place, remark: { ...remark, severity: "info", edits } }];
  });
}

/** Reads the text of a user that may run: the guard first. @param variables those that have a value, by lower-cased names */
export function readGuarded(text: string, variables?: ReadonlySet<string>): GuardedQuery {
  const scanned = scan(text);
  const blanks = blankFindings(text, scanned);
  const guarded = guardTokens(text, scanned, blanks, variables);
  if (!guarded.ok) return { ...guarded, sql: text };
  const { sql, notes } = guarded;
  // What the guard cuts off is the end.
  const tokens = [...withoutSemicolons(scanned.tokens)];
  const comments = scanned.comments.filter(([, end]) => end <= sql.length);
  const changed = [...blanks.filter(({ end }) => end <= sql.length), ...semicolonFindings(scanned)];
  return { ok: true, query: readText(sql, { tokens, comments, unclosed: [] }), notes, changed };
}
