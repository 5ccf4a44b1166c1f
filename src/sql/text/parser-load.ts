import type { Token } from "./scan.ts";

/** What a text would ask of the borrowed parser (sqlparser-rs 0.62), told from its tokens. */
export type ParserLoad = {
  /** How deep brackets and CASE are nested. */
  nesting: number;
  /** How deep the tree of the longest chain of operators is: `a OR b OR c` is 2, and chains inside brackets add up. */
  chain: number;
  /** How often it would look at a token: what stands inside a bracket it may read twice counts double. */
  visits: number;
  /** Each token times the links of the chains around it: its answer repeats the depth of a node on every line of it. */
  weight: number;
};

/** What has been counted between two brackets, or CASE and END, or outside of them. */
type Frame = {
  isCase: boolean;
  /** How often a token in here is looked at. */
  visits: number;
  /** Of the expression being read: AND and OR, other links since the last of them, the most between two of them, tokens. */
  loose: number;
  tight: number;
  tightest: number;
  tokens: number;
  /** The deepest bracket of the expression being read, and the deepest expression so far. */
  inner: number;
  deepest: number;
  /** UNION, EXCEPT and INTERSECT, and all tokens. */
  sets: number;
  allTokens: number;
};

const sets = new Set(["UNION", "EXCEPT", "INTERSECT"]);
/** Words that end an expression. */
const ends = new Set([
  "WHEN",
  "THEN",
  "ELSE",
  "SELECT",
  "FROM",
  "JOIN",
  "APPLY",
  "WHERE",
  "ON",
  "GROUP",
  "HAVING",
  "ORDER",
]);
/** A bracket behind one of these is read once. */
const plainWords = new Set([...ends, ...sets, "IN", "AND", "OR", "ALL", "BY", "BETWEEN", "LIKE", "OVER"]);
const plainPrefixes = new Set(["EXISTS", "CASE", "DISTINCT"]);
/** Words with a grammar of their own: where that does not fit, they are read as ordinary calls, and those twice. */
const ownGrammar =
  /^(?:(?:TRY_|SAFE_)?(?:CAST|CONVERT)|NOT|EXTRACT|CEIL|FLOOR|POSITION|SUBSTR(?:ING)?|OVERLAY|TRIM|ARRAY|MATCH|STRUCT|MAP|INTERVAL|LAMBDA)$/;

function frameOf(isCase: boolean, visits: number): Frame {
  const counts = { loose: 0, tight: 0, tightest: 0, tokens: 0, inner: 0, deepest: 0, sets: 0, allTokens: 0 };
  return { isCase, visits, ...counts };
}

/** Whether an operand ends with this token, so that an operator or the end of the expression must follow. */
function endsOperand(token: Token | undefined): boolean {
  return token !== undefined && (token.kind !== "operator" || token.upper === ")");
}

/** Words behind which an operand, or a name, stands: even a reserved word is one to the parser then. */
const dueWords =
  /^(?:AND|OR|XOR|NOT|IS|DISTINCT|LIKE|ILIKE|RLIKE|REGEXP|SIMILAR|TO|GLOB|MATCH|BETWEEN|COLLATE|AT|TIME|ZONE|ESCAPE|DIV|MOD|OVERLAPS|OPERATOR|MEMBER|OF|AS)$/;

/** Whether the parser expects an operand behind this token. */
function isOperandDue(before: Token | undefined): boolean {
  if (before === undefined) return false;
  if (before.kind === "operator") return !["(", ")", ","].includes(before.upper);
  return before.kind === "word" && dueWords.test(before.upper);
}

/** How often the parser may read what stands in this bracket. */
function readsOf(tokens: readonly Token[], index: number): number {
  const before = tokens[index - 1];
  const isDouble = tokens[index + 1]?.upper === "(" ? 2 : 1;
  if (before === undefined || before.kind === "operator" || before.kind === "number" || before.kind === "string")
    return isDouble;
  if (ownGrammar.test(before.upper)) return 3;
  const opener = tokens[index - 2];
  const isPlain =
    plainPrefixes.has(before.upper) ||
    (plainWords.has(before.upper) &&
      (opener === undefined || endsOperand(opener) || (before.upper === "SELECT" && opener.upper === "(")));
  return isPlain ? isDouble : 2;
}

/** Whether a token makes the tree of its expression one deeper: an operator, or a word that works as one. */
function isLink({ kind, upper }: Token, before: Token | undefined): boolean {
  if (kind !== "operator") return endsOperand(before);
  if (upper === "." || upper === "(") return before?.upper === ")";
  return upper !== ",";
}

/** Counts what a text would ask of the parser, in one pass over its tokens. */
export function parserLoad(tokens: readonly Token[]): ParserLoad {
  const load = { nesting: 0, chain: 0, visits: 0, weight: 0 };
  const outer: Frame[] = [];
  let frame = frameOf(false, 1);

  const settle = (): void => {
    const links = frame.loose + Math.max(frame.tightest, frame.tight);
    load.weight += frame.tokens * links;
    frame.deepest = Math.max(frame.deepest, links + frame.inner);
    frame.allTokens += frame.tokens;
    Object.assign(frame, { loose: 0, tight: 0, tightest: 0, tokens: 0, inner: 0 });
  };
  const open = (isCase: boolean, reads: number): void => {
    outer.push(frame);
    frame = frameOf(isCase, frame.visits * reads);
    load.nesting = Math.max(load.nesting, outer.length);
  };
  const close = (): void => {
    settle();
    const closed = frame;
    load.weight += closed.allTokens * (closed.sets + 1);
    frame = outer.pop() ?? frameOf(false, 1);
    frame.inner = Math.max(frame.inner, closed.deepest + closed.sets);
    frame.tokens += closed.allTokens;
  };

  /** Whether an expression, or a condition of one, begins at the token. */
  let isFirst = true;
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1];
    const { upper } = token;
    const isStart = token.kind === "word" && before?.upper !== ".";
    const isWord = isStart && !isOperandDue(before);
    const isSet = isStart && sets.has(upper);
    const isEnd = upper === "," || isSet || (isWord && ends.has(upper));
    const isLoose = isWord && (upper === "AND" || upper === "OR");
    load.visits += frame.visits;
    if (upper === ")") {
      while (frame.isCase && outer.length > 0) close();
      if (outer.length > 0) close();
    } else if (isStart && upper === "END" && frame.isCase) close();
    else if (isEnd) {
      settle();
      if (isSet) frame.sets += 1;
    } else if (isLoose) {
      frame.loose += 1;
      frame.tightest = Math.max(frame.tightest, frame.tight);
      frame.tight = 0;
    } else if (isLink(token, isFirst ? undefined : before)) frame.tight += 1;
    frame.tokens += 1;
    isFirst = isEnd || isLoose;
    if (upper === "(") open(false, readsOf(tokens, index));
    else if (isStart && upper === "CASE") open(true, 2);
  }
  while (outer.length > 0) close();
  settle();
  load.weight += frame.allTokens * frame.sets;
  load.chain = frame.deepest + frame.sets;
  return load;
}
