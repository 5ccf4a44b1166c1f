import { itemOf, nameOfToken } from "./text/by-tokens.ts";
import type { Edit } from "./read/reading.ts";
import { isOffsetClause } from "./text/offset-clause.ts";
import { scan, type Token } from "./text/scan.ts";
import { maxColumns } from "./query.ts";
import { selectItems } from "./text/select-items.ts";
import { bracketed, spliced } from "./text/splice.ts";

/** The query with its order written into a column of its own, or why it has none to keep. */
export type Ordered =
  | { kind: "unordered" }
  /** `column` numbers the rows of `sql` in the query's order, from 1; it stands behind the query's own columns. */
  | { kind: "ordered"; sql: string; column: string }
  | { kind: "lost"; why: string };

/** The name of the column that keeps the order: one the query does not use. */
export function orderColumn(names: readonly string[]): string {
  return openNames(names)("QPP_Order");
}

/**
 * Writes the order of a query's ORDER BY into a column, because MCE gives the rows of a table in any order.
 *
 * The query becomes a derived table as it stands, so that TOP, DISTINCT, UNION, GROUP BY and OFFSET mean what they meant.
 * What it is ordered by without showing it is added to its list.
 *
 * @param names the query's columns, in order; `sql` gives exactly these
 */
export function keepOrder(sql: string, names: readonly string[]): Ordered {
  const { tokens } = scan(sql);
  const inside = insideOf(sql, tokens);
  if (inside !== undefined) return keepOrder(inside, names);
  const order = orderOf(tokens);
  if (order === undefined) return { kind: "unordered" };
  const items = selectItems(
    tokens,
    tokens.findIndex(({ upper }) => upper === "SELECT"),
  );
  if (items.length !== names.length) return { kind: "lost", why: "its columns could not be matched with its text" };
  const outputs = openOutputs(
    sql,
    items.map((item, index) => ({ name: names[index] ?? "", expression: expressionOf(sql, tokens, item) })),
  );
  const free = openNames(names);
  const column = free("QPP_Order");
  const last = tokens[(items.at(-1)?.end ?? 1) - 1];
  const edits: Edit[] = [];
  const keys: string[] = [];
  for (const { first, end, direction } of order.terms) {
    const known = outputs(tokens.slice(first, end));
    const start = tokens[first]?.start;
    const stop = tokens[end - 1]?.end;
    if (known !== undefined) keys.push(`${bracketed(known)}${direction}`);
    else if (order.isOfResult || last === undefined || start === undefined || stop === undefined) {
      return { kind: "lost", why: "it is ordered by something it does not show" };
    } else if (names.length + edits.length === maxColumns) {
      return { kind: "lost", why: `its columns and what it is ordered by are more than ${maxColumns}` };
    } else {
      const name = free("QPP_Key");
      edits.push({ start: last.end, end: last.end, text: `, ${sql.slice(start, stop)} AS ${bracketed(name)}` });
      keys.push(`${bracketed(name)}${direction}`);
    }
  }
  const list = names.map(bracketed).join(", ");
  const head = `SELECT ${list}, ROW_NUMBER() OVER (ORDER BY ${keys.join(", ")}) AS ${bracketed(column)} FROM (`;
  // On a line of its own: the query may end in a comment.
  return { kind: "ordered", sql: `${head}${spliced(sql, edits)}\n) AS [QPP_Query]`, column };
}

/** One term of ORDER BY: its expression as indexes [first, end) of the tokens, and what is to follow it. */
type Term = { first: number; end: number; direction: "" | " DESC" };

const orderEnds = new Set(["FETCH", "FOR", "OPTION", ";"]);
const setWords = new Set(["UNION", "EXCEPT", "INTERSECT"]);

/** The query's own ORDER BY; `isOfResult`: it can only name what the query shows. */
function orderOf(tokens: readonly Token[]): { terms: Term[]; isOfResult: boolean } | undefined {
  const depths = depthsOf(tokens);
  const at = tokens.findLastIndex(
    ({ upper }, index) => upper === "ORDER" && depths[index] === 0 && tokens[index + 1]?.upper === "BY",
  );
  if (at < 0) return undefined;
  const terms: Term[] = [];
  let first = at + 2;
  for (let index = first; index <= tokens.length; index += 1) {
    const token = tokens[index];
    const isInside = token !== undefined && depths[index] !== 0;
    const isEnd = token === undefined || (!isInside && (orderEnds.has(token.upper) || isOffsetClause(tokens, index)));
    if (isEnd || (!isInside && token.upper === ",")) {
      if (index > first) terms.push(termOf(tokens, first, index));
      first = index + 1;
    }
    if (isEnd) break;
  }
  const isOfResult =
    tokens[0]?.upper === "(" ||
    tokens[1]?.upper === "DISTINCT" ||
    tokens.some(({ upper }, index) => setWords.has(upper) && depths[index] === 0);
  return { terms, isOfResult };
}

function termOf(tokens: readonly Token[], first: number, end: number): Term {
  const direction = tokens[end - 1]?.upper;
  if (direction === "DESC") return { first, end: end - 1, direction: " DESC" };
  return { first, end: direction === "ASC" ? end - 1 : end, direction: "" };
}

/** What the parentheses around the whole query hold. */
function insideOf(sql: string, tokens: readonly Token[]): string | undefined {
  const depths = depthsOf(tokens).filter((_, index) => !["(", ")"].includes(tokens[index]?.upper ?? ""));
  const pairs = depths.reduce((least, depth) => Math.min(least, depth), Infinity);
  const first = tokens[pairs - 1];
  const last = tokens[tokens.length - pairs];
  return first === undefined || last === undefined ? undefined : sql.slice(first.end, last.start);
}

/** How many parentheses are open around each token; a parenthesis counts as inside. */
function depthsOf(tokens: readonly Token[]): number[] {
  let depth = 0;
  return tokens.map(({ upper }) => {
    if (upper === "(") depth += 1;
    const own = depth;
    if (upper === ")") depth -= 1;
    return own;
  });
}

type Output = { name: string; expression: readonly Token[] };

/** Finds the output column an ORDER BY term means: by its position, its name, or the expression it repeats. */
type Outputs = (term: readonly Token[]) => string | undefined;

function openOutputs(sql: string, outputs: readonly Output[]): Outputs {
  const named = firstIndexes(outputs.map(({ name }) => [name.toUpperCase()]));
  const whole = firstIndexes(outputs.map(({ expression }) => [meaningOf(sql, expression)]));
  // A column's name means the same with and without what its table is called.
  const shortened = firstIndexes(outputs.map(({ expression }) => shorterNames(sql, expression)));
  return (term) => {
    const [only] = term;
    if (term.length === 1 && only?.kind === "number") return outputs[Number(sql.slice(only.start, only.end)) - 1]?.name;
    const meaning = meaningOf(sql, term);
    const index =
      (term.length === 1 ? named.get(meaning) : undefined) ??
      Math.min(
        ...[meaning, ...shorterNames(sql, term)].map((text) => whole.get(text) ?? Infinity),
        shortened.get(meaning) ?? Infinity,
      );
    return outputs[index]?.name;
  };
}

/** The first index of each text among lists of texts. */
function firstIndexes(lists: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  const indexes = new Map<string, number>();
  for (const [index, texts] of lists.entries()) {
    for (const text of texts) if (!indexes.has(text)) indexes.set(text, index);
  }
  return indexes;
}

/** No name in MCE has more parts. */
const maxParts = 4;

/** What is left of a dotted name when its first parts are taken away; nothing for other expressions. */
function shorterNames(sql: string, tokens: readonly Token[]): string[] {
  if (tokens.length > 2 * maxParts || !isName(sql, tokens)) return [];
  return tokens.flatMap((_token, index) => (index > 0 && index % 2 === 0 ? [meaningOf(sql, tokens.slice(index))] : []));
}

function isName(sql: string, tokens: readonly Token[]): boolean {
  return tokens.every((token, index) =>
    index % 2 === 0 ? nameOfToken(sql, token) !== undefined : token.upper === ".",
  );
}

/** What a select item says without its alias. */
function expressionOf(sql: string, tokens: readonly Token[], item: { first: number; end: number }): Token[] {
  const alias = itemOf(sql, tokens, item)?.aliasAt;
  if (alias === undefined) return tokens.slice(item.first, item.end);
  if (alias === item.first) return tokens.slice(item.first + 2, item.end);
  return tokens.slice(item.first, tokens[alias - 1]?.upper === "AS" ? alias - 1 : alias);
}

/** Tokens as one text, the same for the same tokens whatever stands between them. */
function meaningOf(sql: string, tokens: readonly Token[]): string {
  return tokens
    .map((token) => nameOfToken(sql, token)?.toUpperCase() ?? sql.slice(token.start, token.end))
    .join("\u0000");
}

/** Gives names that no column has, each once: `QPP_Key`, `QPP_Key_2` and so on. */
function openNames(names: readonly string[]): (name: string) => string {
  const taken = new Set(names.map((name) => name.toLowerCase()));
  const counts = new Map<string, number>();
  return (name) => {
    let count = counts.get(name) ?? 1;
    const candidate = () => (count === 1 ? name : `${name}_${count}`);
    while (taken.has(candidate().toLowerCase())) count += 1;
    counts.set(name, count + 1);
    return candidate();
  };
}
