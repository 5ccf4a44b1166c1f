import { maxColumns, readText } from "./query.ts";
import type { Edit } from "./read/reading.ts";
import type { Expression, OrderTerm } from "./syntax/expression-tree.ts";
import { mainSelect, tokenIndexAt } from "./syntax/places.ts";
import type { Token } from "./syntax/scan.ts";
import type { Query, Select, Span } from "./syntax/tree.ts";
import { bracketed, spliced } from "./text/splice.ts";
import { nameOfToken } from "./text/token-name.ts";

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
  const { tree, tokens } = readText(sql);
  const select = mainSelect(tree);
  if (select === undefined) return { kind: "lost", why: "it is not understood here" };
  const inside = insideOf(tree);
  if (inside !== tree) return keepOrder(sql.slice(inside.start + 1, inside.end - 1), names);
  if (tree.orderBy === undefined) return { kind: "unordered" };
  if (select.items.length !== names.length)
    return { kind: "lost", why: "its columns could not be matched with its text" };
  const free = openNames(names);
  const column = free("QPP_Order");
  const written = writeKeys({ sql, tokens }, tree, select, names, free);
  if ("why" in written) return { kind: "lost", why: written.why };
  const list = names.map(bracketed).join(", ");
  const keys = written.keys.join(", ");
  const head = `SELECT ${list}, ROW_NUMBER() OVER (ORDER BY ${keys}) AS ${bracketed(column)} FROM (`;
  // On a line of its own: the query may end in a comment.
  return { kind: "ordered", sql: `${head}${spliced(sql, written.edits)}\n) AS [QPP_Query]`, column };
}

/** The query inside the parentheses around a whole text. */
function insideOf(query: Query): Query {
  const { body, orderBy, forClause, option } = query;
  const isPlain = orderBy === undefined && forClause === undefined && option === undefined;
  return isPlain && body.kind === "query" ? insideOf(body) : query;
}

/** What orders the rows, and what has to be added to the query's list for it. */
type Written = { keys: string[]; edits: Edit[] };

function writeKeys(
  text: Text,
  { body, orderBy }: Query,
  { items, quantifier }: Select,
  names: readonly string[],
  free: (name: string) => string,
): Written | { why: string } {
  const expressions = items.map(({ expression }, index) => ({ name: names[index] ?? "", expression }));
  const outputs = openOutputs(text, expressions);
  const end = items.at(-1)?.end ?? 0;
  // Then ORDER BY can only name what the query shows.
  const isOfResult = body.kind !== "select" || quantifier === "DISTINCT";
  const edits: Edit[] = [];
  const keys: string[] = [];
  for (const term of orderBy?.terms ?? []) {
    const known = outputs(term.expression);
    if (known !== undefined) {
      keys.push(`${bracketed(known)}${directionOf(term)}`);
      continue;
    }
    if (isOfResult) return { why: "it is ordered by something it does not show" };
    if (names.length + edits.length === maxColumns)
      return { why: `its columns and what it is ordered by are more than ${maxColumns}` };
    const name = bracketed(free("QPP_Key"));
    const { start, end: stop } = term.expression;
    edits.push({ start: end, end, text: `, ${text.sql.slice(start, stop)} AS ${name}` });
    keys.push(`${name}${directionOf(term)}`);
  }
  return { keys, edits };
}

function directionOf({ direction }: OrderTerm): string {
  return direction === "DESC" ? " DESC" : "";
}

type Text = { sql: string; tokens: readonly Token[] };

/** Finds the output column an ORDER BY term means: by its position, its name, or the expression it repeats. */
type Outputs = (term: Expression) => string | undefined;

function openOutputs(text: Text, outputs: readonly { name: string; expression: Expression }[]): Outputs {
  const named = firstIndexes(outputs.map(({ name }) => [name.toUpperCase()]));
  const whole = firstIndexes(outputs.map(({ expression }) => [meaningOf(text, expression)]));
  // A column's name means the same with and without what its table is called.
  const shortened = firstIndexes(outputs.map(({ expression }) => shorterNames(expression)));
  return (term) => {
    if (term.kind === "literal" && term.type === "number") return outputs[Number(term.value) - 1]?.name;
    const meaning = meaningOf(text, term);
    const isPlain = term.kind === "column" && term.parts.length === 1;
    const index =
      (isPlain ? named.get(meaning) : undefined) ??
      Math.min(
        ...[meaning, ...shorterNames(term)].map((word) => whole.get(word) ?? Infinity),
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

/** Between the tokens of a meaning: no name holds it. */
const gap = "\u0000";

/** What is left of a dotted name when its first parts are taken away; nothing for other expressions. */
function shorterNames(expression: Expression): string[] {
  if (expression.kind !== "column" || expression.parts.length > maxParts) return [];
  const words = expression.parts.map(({ value }) => value.toUpperCase());
  return words.slice(1).map((_word, index) => words.slice(index + 1).join(`${gap}.${gap}`));
}

/** The tokens of an expression as one text, the same for the same tokens whatever stands between them. */
function meaningOf({ sql, tokens }: Text, { start, end }: Span): string {
  return tokens
    .slice(tokenIndexAt(tokens, start), tokenIndexAt(tokens, end))
    .map((token) => nameOfToken(sql, token)?.toUpperCase() ?? sql.slice(token.start, token.end))
    .join(gap);
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
