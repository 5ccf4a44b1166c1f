import { isError, type Diagnostic } from "../diagnostic.ts";
import { whyLost, type GuardedQuery, type Query } from "../query.ts";
import type { Edit } from "../read/reading.ts";
import { scan, type Scan, type Token } from "../syntax/scan.ts";
import { linesOf } from "../text/positions.ts";
import { spliced } from "../text/splice.ts";
import {
  closingCandidates,
  likeKeywords,
  problemCandidates,
  unclosedCandidates,
  type Candidate,
} from "./candidates.ts";

/** Reads a text as one that may run, and says what is wrong with it. */
export type Trial = { read(text: string): GuardedQuery; check(guarded: GuardedQuery): readonly Diagnostic[] };

/** All the texts that are tried together have so many characters, which takes some 20 ms (2026-11). */
const maxTried = 60_000;

/** What is understood is checked as well, which takes three times as long as reading it. */
const checkCost = 3;

/** A change of the text after which it is understood, and what to say of it. */
export type Repair = { edits: Edit[]; fix: string };

/** A text as its tokens say it: without blanks and comments. */
function essence(sql: string, tokens: readonly Token[]): string {
  return tokens.map(({ start, end }) => sql.slice(start, end)).join(" ");
}

/** How much a trial finds wrong: errors before anything else. */
function faults(diagnostics: readonly Diagnostic[]): number {
  return diagnostics.reduce((sum, one) => sum + (isError(one) ? 1000 : one.severity === "warning" ? 1 : 0), 0);
}

/** The one change among several after which a text is understood and least is wrong with it; nothing where two are as good. */
function onlyRight(text: string, candidates: readonly Candidate[], trial: Trial): Repair | undefined {
  let room = maxTried;
  let best: { candidate: Candidate; faults: number; essence: string } | undefined;
  let isSole = true;
  const seen = new Set<string>();
  for (const candidate of candidates) {
    const tried = spliced(text, [candidate.edit]);
    room -= tried.length;
    if (room < 0) return undefined;
    const guarded = trial.read(tried);
    if (!guarded.ok || guarded.query.lost !== undefined) continue;
    const meant = essence(guarded.query.sql, guarded.query.tokens);
    if (seen.has(meant)) continue;
    seen.add(meant);
    room -= checkCost * tried.length;
    if (room < 0) return undefined;
    const found = faults(trial.check(guarded));
    if (best === undefined || found < best.faults)
      [best, isSole] = [{ candidate, faults: found, essence: meant }, true];
    else if (found === best.faults) isSole = false;
  }
  if (best === undefined || !isSole) return undefined;
  return { edits: [best.candidate.edit], fix: best.candidate.fix };
}

/** What may make a refused text one that runs. */
function refusedCandidates(text: string, scanned: Scan, { code, line, column }: Diagnostic): Candidate[] {
  const { tokens, unclosed } = scanned;
  const lines = linesOf(text);
  const index = tokens.findIndex(({ start }) => {
    const at = lines.at(start);
    return at.line === line && at.column === column;
  });
  const token = tokens[index];
  const [open] = unclosed;
  if (code.startsWith("UNCLOSED_") && open !== undefined) return unclosedCandidates(text, tokens, open);
  if (code === "UNBALANCED" && token?.upper === "(") return closingCandidates(tokens, index);
  if (code === "UNBALANCED" && token !== undefined)
    return [{ edit: { start: token.start, end: token.end, text: "" }, fix: "Delete it" }];
  return code === "NOT_A_SELECT" || code === "TWO_STATEMENTS" ? likeKeywords(token) : [];
}

/** The one change that makes a refused text one that may run. */
export function repairRefused(text: string, refusal: Diagnostic, trial: Trial): Repair | undefined {
  return text.length > maxTried ? undefined : onlyRight(text, refusedCandidates(text, scan(text), refusal), trial);
}

/** The one change after which a text is understood. */
export function repairLost(query: Query, trial: Trial): Repair | undefined {
  const { sql, tokens, lost } = query;
  if (lost === undefined || lost.code === "TOO_DEEP" || whyLost(query) === undefined) return undefined;
  return onlyRight(sql, problemCandidates(tokens, lost), trial);
}
