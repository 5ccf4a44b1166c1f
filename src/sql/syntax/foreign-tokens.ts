import type { Token } from "./scan.ts";

/** Signs of other databases that are two tokens, and the one of T-SQL's that says the same. */
export const sameSigns: ReadonlyMap<string, string> = new Map([
  ["= =", "="],
  ["= >", ">="],
  ["= <", "<="],
  ["= !", "!="],
  ["& &", "AND"],
]);

/** Whether one token touches the next. */
export function isAdjacent(one: Token, other: Token | undefined): other is Token {
  return other !== undefined && one.end === other.start;
}

/** No name is made of more words and signs. */
const maxNameTokens = 20;

/** The index of the backtick that closes the one at an index; -1 where none does. */
export function backtickEnd(tokens: readonly Token[], index: number): number {
  const behind = tokens.slice(index + 1, index + maxNameTokens).findIndex(({ upper }) => upper === "`");
  return behind < 0 ? -1 : index + 1 + behind;
}

/** `LIMIT n`, `LIMIT m, n`, `LIMIT n OFFSET m`, `FETCH FIRST n ROWS ONLY`: how many rows, how many before them, and the last token's index. */
export type Limit = { count: Token; offset?: Token; last: number };

const isCount = (token: Token | undefined): token is Token => token?.kind === "number" || token?.kind === "variable";
const isRows = (token: Token | undefined): boolean => token?.upper === "ROWS" || token?.upper === "ROW";
const behindLimit: ReadonlySet<string> = new Set([")", ";", "UNION", "EXCEPT", "INTERSECT", "FOR", "OPTION"]);

/** The LIMIT clause at an index, or a FETCH without OFFSET; nothing where the word may be a name, or something else follows. */
export function limitAt(tokens: readonly Token[], index: number): Limit | undefined {
  const [word, first, sign, second, fourth] = tokens.slice(index, index + 5);
  const before = tokens[index - 1];
  if (word?.upper === "FETCH") {
    const isWhole = /^(?:FIRST|NEXT)$/.test(first?.upper ?? "") && isRows(second) && fourth?.upper === "ONLY";
    return isWhole && isCount(sign) && !isRows(before) ? { count: sign, last: index + 4 } : undefined;
  }
  if (word?.upper !== "LIMIT" || before?.upper === "." || !isCount(first)) return undefined;
  const isPair = (sign?.upper === "," || sign?.upper === "OFFSET") && isCount(second);
  const last = index + (isPair ? 3 : 1) + (isPair && isRows(fourth) ? 1 : 0);
  const next = tokens[last + 1];
  if (next !== undefined && !behindLimit.has(next.upper)) return undefined;
  if (!isPair) return { count: first, last };
  return sign.upper === "," ? { count: second, offset: first, last } : { count: first, offset: second, last };
}

const tests: ReadonlySet<string> = new Set("= < > <= >= <> != !< !> IN LIKE BETWEEN IS EXISTS".split(" "));
const bounds: ReadonlySet<string> = new Set(
  "AND OR WHERE ON HAVING WHEN THEN ELSE CASE END SELECT FROM GROUP ORDER UNION JOIN , ;".split(" "),
);

/** What stands between two bounds inside the same parentheses: whether it tests something, and the `||` before it. */
type Piece = { isTest: boolean; before?: { index: number; isTest: boolean }; hasTest: boolean; isGroup: boolean };

/**
 * The indexes of `||` that stand between two conditions, where it can only mean OR: `a = 1 || b = 2`.
 */
export function orSigns(tokens: readonly Token[]): ReadonlySet<number> {
  const found = new Set<number>();
  if (!tokens.some(({ upper }) => upper === "||")) return found;
  const outer: Piece[] = [];
  let here: Piece = { isTest: false, hasTest: false, isGroup: true };
  const close = (): void => {
    if (here.before?.isTest === true && here.isTest) found.add(here.before.index);
    delete here.before;
  };
  for (const [index, { upper, kind }] of tokens.entries()) {
    if (upper === "(") {
      outer.push(here);
      const isCall =
        tokens[index - 1]?.kind === "word" &&
        !bounds.has(tokens[index - 1]?.upper ?? "") &&
        tokens[index - 1]?.upper !== "NOT";
      here = { isTest: false, hasTest: false, isGroup: !isCall && tokens[index + 1]?.upper !== "SELECT" };
    } else if (upper === ")") {
      close();
      const { isGroup, hasTest } = here;
      here = outer.pop() ?? { isTest: false, hasTest: false, isGroup: true };
      if (isGroup && hasTest) here.isTest = here.hasTest = true;
    } else if (upper === "||") {
      const { isTest } = here;
      close();
      here.before = { index, isTest };
      here.isTest = false;
    } else if (bounds.has(upper)) {
      close();
      here.isTest = false;
    } else if (kind !== "string" && tests.has(upper)) here.isTest = here.hasTest = true;
  }
  close();
  return found;
}

/** Tokens as the reader takes them: what other databases write, in T-SQL's words where they have one meaning. */
export function readable(tokens: readonly Token[]): readonly Token[] {
  const ors = orSigns(tokens);
  const read: Token[] = [];
  let isSame = true;
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token === undefined) break;
    const [instead, last] = insteadOf(tokens, index, ors);
    if (last > index || instead !== token) isSame = false;
    if (instead !== undefined) read.push(instead);
    index = last;
  }
  return isSame ? tokens : read;
}

/** What to read at an index, and the index of the last token that stands for it. */
function insteadOf(tokens: readonly Token[], index: number, ors: ReadonlySet<number>): [Token | undefined, number] {
  const token = tokens[index];
  if (token === undefined) return [undefined, index];
  if (ors.has(index)) return [{ ...token, upper: "OR" }, index];
  if (token.upper === "ILIKE" && ["string", "variable"].includes(tokens[index + 1]?.kind ?? ""))
    return [{ ...token, upper: "LIKE" }, index];
  if (token.upper === "LIMIT" || token.upper === "FETCH") {
    const limit = limitAt(tokens, index);
    return limit === undefined ? [token, index] : [undefined, limit.last];
  }
  if (token.upper === "`") {
    const close = backtickEnd(tokens, index);
    const end = tokens[close]?.end ?? token.end;
    return close < 0 ? [token, index] : [{ kind: "bracket", start: token.start, end, upper: "" }, close];
  }
  const next = tokens[index + 1];
  const sign =
    token.kind === "operator" && isAdjacent(token, next) ? sameSigns.get(`${token.upper} ${next.upper}`) : undefined;
  if (sign === undefined || next === undefined) return [token, index];
  return [{ kind: sign === "AND" ? "word" : "operator", start: token.start, end: next.end, upper: sign }, index + 1];
}
