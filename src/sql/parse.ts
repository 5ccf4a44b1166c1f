import { operatorDepth } from "./text/depth.ts";
import { askParser } from "./wasm/parser-instance.ts";
import { linesOf } from "./text/positions.ts";
import { scan } from "./text/scan.ts";

/** The syntax trees of a text, the parser's refusal (line and column 1-based, columns in UTF-16 units), or why nobody knows. */
export type Parsed =
  | { kind: "parsed"; statements: unknown[] }
  | { kind: "rejected"; message: string; line?: number; column?: number }
  | { kind: "unknown"; why: string };

/**
 * The parser's JSON grows with the square of a chain's depth, and a stack overflow costs the instance:
 * 500 ORs made 24 MB, 2,500 broke it after 4 s (measured 2026-11 on sqlparser-rs 0.62).
 */
const maxOperatorDepth = 300;

const placeAt = / at Line: (\d+), Column: (\d+)\.?$/;

function rejection(sql: string, thrown: string): Parsed {
  const text = thrown.replace(/^sql parser error: /, "");
  // A limit of the parser says nothing about the text.
  if (/recursion limit exceeded/i.test(text))
    return { kind: "unknown", why: "the query is nested too deeply to read here" };
  const place = placeAt.exec(text);
  if (place === null) return { kind: "rejected", message: text };
  const lines = linesOf(sql);
  const { line, column } = lines.at(lines.offset(Number(place[1]), Number(place[2])));
  return { kind: "rejected", message: text.slice(0, place.index), line, column };
}

/**
 * Parses T-SQL into sqlparser-rs syntax trees, one per statement, as its JSON gives them.
 *
 * `rejected` means this parser does not know the text, not that MCE would refuse it; `unknown` means it could not
 * be asked (an operator chain deeper than 300, or the parser broke). Never throws. The first call instantiates the WASM.
 */
export function parse(sql: string): Parsed {
  if (operatorDepth(scan(sql).tokens) > maxOperatorDepth) {
    return { kind: "unknown", why: `the query chains more than ${maxOperatorDepth} operators` };
  }
  try {
    // The parser ends a line comment at LF only; a lone CR becomes LF on its way through XML, so it ends one too.
    const answer = askParser(sql.replace(/\r(?!\n)/g, "\n"));
    if (answer.kind === "error") return rejection(sql, answer.message);
    const statements: unknown = JSON.parse(answer.json);
    return Array.isArray(statements)
      ? { kind: "parsed", statements }
      : { kind: "unknown", why: "the parser gave no statement list" };
  } catch {
    return { kind: "unknown", why: "the parser broke on this query" };
  }
}
