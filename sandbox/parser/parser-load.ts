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
  /** How often a token in here is looked at, and one of the expression being read. */
  allVisits: number;
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
/** A bracket behind one of these, where an operand has ended before it, is read once. */
const plainWords = new Set([...ends, ...sets, "IN", "AND", "OR", "BETWEEN", "LIKE", "OVER"]);
/** Words with a grammar of their own: where that does not fit, they are read as ordinary calls, and those twice. */
const ownGrammar = /^(?:(?:TRY_|SAFE_)?(?:CAST|CONVERT)|CEIL|FLOOR|SUBSTR(?:ING)?|TRIM)$/;
/** The same for words that no query in MCE has, or that are read in still more ways. */
const oddGrammar =
  /^(?:VALUES|MERGE|INSERT|UPDATE|DELETE|EXTRACT|POSITION|OVERLAY|ARRAY|MATCH|STRUCT|MAP|INTERVAL|LAMBDA|(?:CURRENT_|LOCAL|SESSION_|SYSTEM_)\w+)$/;

function frameOf(isCase: boolean, allVisits: number): Frame {
  const counts = { loose: 0, tight: 0, tightest: 0, tokens: 0, inner: 0, deepest: 0, sets: 0, allTokens: 0 };
  return { isCase, allVisits, visits: allVisits, ...counts };
}

/** Whether an operand ends with this token, so that an operator or the end of the expression must follow. */
function endsOperand(token: Token | undefined): boolean {
  return token !== undefined && (token.kind !== "operator" || token.upper === ")");
}

/** Words behind which an operand, or a name, stands: even a reserved word is one to the parser then. */
const dueWords =
  /^(?:AND|OR|XOR|NOT|IS|DISTINCT|LIKE|ILIKE|RLIKE|REGEXP|SIMILAR|TO|GLOB|MATCH|BETWEEN|COLLATE|AT|TIME|ZONE|ESCAPE|DIV|MOD|OVERLAPS|OPERATOR|MEMBER|OF|AS|INTERVAL|ALL|ANY|SOME)$/;

/** Whether the parser expects an operand behind this token. */
function isOperandDue(before: Token | undefined): boolean {
  if (before === undefined) return false;
  if (before.kind === "operator") return !["(", ")", ","].includes(before.upper);
  return before.kind === "word" && dueWords.test(before.upper);
}

/** Whether this token can only be the end of an operand: a name, a literal, a bracket that closes. */
function isOperandEnd(token: Token | undefined): boolean {
  if (token === undefined || token.kind === "operator") return token?.upper === ")";
  const { upper } = token;
  return !ends.has(upper) && !sets.has(upper) && !dueWords.test(upper) && upper !== "CASE";
}

/** How often the parser may read what stands in this bracket; more where it may be wrong at first about what it reads. */
function readsOf(tokens: readonly Token[], index: number): number {
  const before = tokens[index - 1];
  const next = tokens[index + 1]?.upper;
  const isDouble = next === "(" || (next === "SELECT" && before?.upper === ",") ? 2 : 1;
  if (before === undefined || before.kind === "operator") return isDouble;
  const { upper } = before;
  const opener = tokens[index - 2];
  if (oddGrammar.test(upper)) return 4;
  if (ownGrammar.test(upper)) return 3;
  if (upper === "EXISTS") return next === "SELECT" ? 1 : 2;
  if (upper === "DISTINCT" && opener?.upper === "SELECT") return isDouble;
  const isInfix = isOperandEnd(opener?.upper === "NOT" ? tokens[index - 3] : opener);
  return plainWords.has(upper) && isInfix ? isDouble : 2;
}

/** Whether a token makes the tree of its expression one deeper: an operator, or a word that works as one. */
function isLink({ kind, upper }: Token, before: Token | undefined): boolean {
  if (kind !== "operator") return endsOperand(before);
  if (upper === "." || upper === "(") return before?.upper === ")";
  return upper !== ",";
}

/** What a token does to the frame it stands in. */
type Role = {
  /** Ends an expression, or a condition of one. */
  isEnd: boolean;
  isLoose: boolean;
  isSet: boolean;
  /** How often what follows in the expression may be read: an operand follows some words, or else they are columns. */
  tries: number;
  /** CASE and END, where they are no names. */
  opens: boolean;
  closes: boolean;
};

function roleOf({ kind, upper }: Token, before: Token | undefined): Role {
  const isPlain = kind === "word" && before?.upper !== ".";
  const isKeyword = isPlain && !isOperandDue(before);
  const isNot = upper === "NOT" && !isOperandEnd(before);
  return {
    isEnd: upper === "," || (isKeyword && (sets.has(upper) || ends.has(upper))),
    isLoose: isKeyword && (upper === "AND" || upper === "OR"),
    isSet: isPlain && sets.has(upper),
    tries: !isPlain ? 1 : upper === "INTERVAL" ? 3 : isNot ? 2 : 1,
    opens: isPlain && upper === "CASE",
    closes: isPlain && upper === "END",
  };
}

/** Ends the expression being read. */
function settle(frame: Frame, load: ParserLoad): void {
  const links = frame.loose + Math.max(frame.tightest, frame.tight);
  load.weight += frame.tokens * links;
  frame.deepest = Math.max(frame.deepest, links + frame.inner);
  frame.allTokens += frame.tokens;
  Object.assign(frame, { visits: frame.allVisits, loose: 0, tight: 0, tightest: 0, tokens: 0, inner: 0 });
}

/** Begins the next condition of the expression being read. */
function loosen(frame: Frame): void {
  frame.loose += 1;
  frame.tightest = Math.max(frame.tightest, frame.tight);
  frame.tight = 0;
  frame.visits = frame.allVisits;
}

/** Ends a frame, and tells what it was to the one around it. */
function leave(inner: Frame, outer: Frame, load: ParserLoad): void {
  settle(inner, load);
  load.weight += inner.allTokens * (inner.sets + 1);
  outer.inner = Math.max(outer.inner, inner.deepest + inner.sets);
  outer.tokens += inner.allTokens;
}

/** Counts what a text would ask of the parser, in one pass over its tokens. */
export function parserLoad(tokens: readonly Token[]): ParserLoad {
  const load = { nesting: 0, chain: 0, visits: 0, weight: 0 };
  const outer: Frame[] = [];
  let frame = frameOf(false, 1);
  const open = (isCase: boolean, reads: number): void => {
    outer.push(frame);
    frame = frameOf(isCase, frame.visits * reads);
    load.nesting = Math.max(load.nesting, outer.length);
  };
  const close = (): void => {
    const around = outer.pop();
    if (around === undefined) return;
    leave(frame, around, load);
    frame = around;
  };
  let isFirst = true;
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1];
    const { upper } = token;
    const role = roleOf(token, before);
    load.visits += frame.visits;
    if (upper === ")") {
      while (frame.isCase) close();
      close();
    } else if (role.closes && frame.isCase) close();
    else if (role.isEnd) settle(frame, load);
    else if (role.isLoose) loosen(frame);
    else if (isLink(token, isFirst ? undefined : before)) frame.tight += 1;
    if (role.isSet) frame.sets += 1;
    frame.tokens += 1;
    frame.visits *= role.tries;
    isFirst = role.isEnd || role.isLoose;
    if (upper === "(") open(false, readsOf(tokens, index));
    else if (role.opens) open(true, 3);
  }
  while (outer.length > 0) close();
  settle(frame, load);
  load.weight += frame.allTokens * frame.sets;
  load.chain = frame.deepest + frame.sets;
  return load;
}
