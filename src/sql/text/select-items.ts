import type { Token } from "./scan.ts";

/** The tokens of one item of a select list, as indexes [first, end). */
export type ItemTokens = { first: number; end: number };

const listEnds = new Set([
  "FROM",
  "WHERE",
  "GROUP",
  "HAVING",
  "ORDER",
  "UNION",
  "EXCEPT",
  "INTERSECT",
  "INTO",
  "FOR",
  "OPTION",
  ";",
]);

/** The index behind the parenthesis, or behind the one token, at `index`. */
function behind(tokens: readonly Token[], index: number): number {
  if (tokens[index]?.upper !== "(") return index + 1;
  let depth = 0;
  for (let at = index; at < tokens.length; at += 1) {
    if (tokens[at]?.upper === "(") depth += 1;
    else if (tokens[at]?.upper === ")") depth -= 1;
    if (depth === 0) return at + 1;
  }
  return tokens.length;
}

/** The index of the first item's first token: behind SELECT, DISTINCT or ALL, and TOP with its number. */
function listStart(tokens: readonly Token[], select: number): number {
  let index = select + 1;
  for (;;) {
    const word = tokens[index]?.upper;
    if (word === "DISTINCT" || word === "ALL") index += 1;
    else if (word === "TOP") {
      index = behind(tokens, index + 1);
      if (tokens[index]?.upper === "PERCENT") index += 1;
      if (tokens[index]?.upper === "WITH" && tokens[index + 1]?.upper === "TIES") index += 2;
    } else return index;
  }
}

/** Whether the token at `index` ends a select list; a word behind a dot is a name, and GROUP behind WITHIN an aggregate's. */
function endsList(tokens: readonly Token[], index: number): boolean {
  const word = tokens[index]?.upper ?? "";
  const before = tokens[index - 1]?.upper;
  return listEnds.has(word) && before !== "." && !(word === "GROUP" && before === "WITHIN");
}

/** Cuts the list of the SELECT whose keyword is the token at `select` into its items, by commas outside parentheses. */
export function selectItems(tokens: readonly Token[], select: number): ItemTokens[] {
  const items: ItemTokens[] = [];
  let first = listStart(tokens, select);
  let index = first;
  while (index < tokens.length) {
    const token = tokens[index];
    if (token === undefined || token.upper === ")" || endsList(tokens, index)) break;
    if (token.upper === ",") {
      items.push({ first, end: index });
      first = index + 1;
    }
    index = behind(tokens, index);
  }
  if (index > first) items.push({ first, end: index });
  return items;
}
