import { parserLoad, type ParserLoad } from "./parser-load.ts";
import { askParser } from "./parser-instance.ts";
import { linesOf } from "./positions.ts";
import { scan, type Token } from "./scan.ts";

/**
 * The syntax trees of a text, the parser's refusal (line and column 1-based, columns in UTF-16 units), or why nobody knows;
 * `isTooDeep` where the text is too much for the parser.
 */
export type Parsed =
  | { kind: "parsed"; statements: unknown[] }
  | { kind: "rejected"; message: string; line?: number; column?: number }
  | { kind: "unknown"; why: string; isTooDeep?: true };

const tooDeep = { kind: "unknown", why: "the query is nested too deeply to read here", isTooDeep: true } as const;

/**
 * Beyond these the parser is not asked (measured 2026-11 on sqlparser-rs 0.62; each alone costs 70 ms at most).
 *
 * It reads the arguments of a call twice, so nested calls cost 2^n: 20 took 4 s. Its JSON grows with the square of a chain:
 * 500 ORs made 24 MB, and 2,500 broke its stack, which costs the instance.
 */
const most: Readonly<ParserLoad> = { nesting: 40, chain: 300, visits: 100_000, weight: 300_000 };

/** Why a text is not given to the parser; nothing for one that is. */
function overload(tokens: readonly Token[]): (Parsed & { kind: "unknown" }) | undefined {
  const { nesting, chain, visits, weight } = parserLoad(tokens);
  if (nesting > most.nesting || visits > most.visits) return tooDeep;
  if (chain > most.chain)
    return { kind: "unknown", why: `the query chains more than ${most.chain} operators`, isTooDeep: true };
  return weight > most.weight
    ? { kind: "unknown", why: "the query chains too many operators to read here", isTooDeep: true }
    : undefined;
}

/** Deeper trees than are expected here; code that walks them goes down as far. */
const maxJsonLength = 16_000_000;

/** A message may quote a word of any length. */
const maxMessage = 500;

const placeAt = / at Line: (\d+), Column: (\d+)\.?$/;

function rejection(sql: string, thrown: string): Parsed {
  const text = thrown.replace(/^sql parser error: /, "");
  // A limit of the parser says nothing about the text.
  if (/recursion limit exceeded/i.test(text)) return tooDeep;
  const place = placeAt.exec(text);
  if (place === null) return { kind: "rejected", message: text.slice(0, maxMessage) };
  const lines = linesOf(sql);
  const { line, column } = lines.at(lines.offset(Number(place[1]), Number(place[2])));
  return { kind: "rejected", message: text.slice(0, Math.min(place.index, maxMessage)), line, column };
}

/**
 * Parses T-SQL into sqlparser-rs syntax trees, one per statement, as its JSON gives them.
 *
 * `rejected` means this parser does not know the text, not that MCE would refuse it; `unknown` means it could not
 * be asked (the text is too deep for it, or it broke). Never throws. The first call instantiates the WASM.
 *
 * @param tokens the text's own, where they are known
 */
export function parse(sql: string, tokens: readonly Token[] = scan(sql).tokens): Parsed {
  const over = overload(tokens);
  if (over !== undefined) return over;
  try {
    // The parser ends a line comment at LF only; a lone CR becomes LF on its way through XML, so it ends one too.
    const answer = askParser(sql.replace(/\r(?!\n)/g, "\n"));
    if (answer.kind === "error") return rejection(sql, answer.message);
    if (answer.json.length > maxJsonLength) return tooDeep;
    const statements: unknown = JSON.parse(answer.json);
    return Array.isArray(statements)
      ? { kind: "parsed", statements }
      : { kind: "unknown", why: "the parser gave no statement list" };
  } catch {
    return { kind: "unknown", why: "the parser broke on this query" };
  }
}
