import type { TableField } from "#sql/fields.ts";
import { isReserved } from "#sql/syntax/reserved.ts";
import { scan, type Token } from "#sql/syntax/scan.ts";

/** A number below so many. */
export type Dice = (sides: number) => number;

/** A right text, its tokens and what is known of its tables. */
export type Right = { sql: string; tokens: readonly Token[]; tables: Readonly<Record<string, readonly TableField[]>> };

/** A text with a typing mistake; `meant` where the right one is not the text it was made of. */
export type Mistake = { sql: string; meant?: string };

/** A generator of numbers, so that a failure comes again. */
export function openDice(seed: number): Dice {
  let state = seed;
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * sides);
  };
}

/** What a mistake is made of. */
export function rightOf(sql: string, tables: Right["tables"]): Right {
  return { sql, tokens: scan(sql).tokens, tables };
}

function pick<T>(from: readonly T[], dice: Dice): T | undefined {
  return from[dice(from.length)];
}

function replaced(sql: string, { start, end }: { start: number; end: number }, text: string): string {
  return sql.slice(0, start) + text + sql.slice(end);
}

/** One slip of the hand: two letters swapped, one left out, one twice, or its neighbor on the keyboard. */
function slipped(word: string, dice: Dice): string {
  const at = 1 + dice(Math.max(1, word.length - 2));
  const [before, letter = "", next = "", rest] = [word.slice(0, at), word[at], word[at + 1], word.slice(at + 2)];
  switch (dice(4)) {
    case 0:
      return letter === next ? before + next + rest : before + next + letter + rest;
    case 1:
      return before + next + rest;
    case 2:
      return before + letter + letter + next + rest;
    default:
      return before + (letter.toLowerCase() === "e" ? "r" : "e") + next + rest;
  }
}

/** A slip in one of the words a test is true of. */
function slipIn({ sql, tokens }: Right, dice: Dice, isMeant: (token: Token, index: number) => boolean) {
  const token = pick(
    tokens.filter((one, index) => one.end - one.start > 3 && isMeant(one, index)),
    dice,
  );
  if (token === undefined) return undefined;
  const word = sql.slice(token.start, token.end);
  return { sql: replaced(sql, token, slipped(word, dice)) };
}

function columnsOf({ tables }: Right): ReadonlySet<string> {
  return new Set(Object.values(tables).flatMap((fields) => fields.map(({ name }) => name.toLowerCase())));
}

function wordOf({ sql }: Right, { start, end }: Token): string {
  return sql.slice(start, end).toLowerCase();
}

function isCall({ tokens }: Right, index: number): boolean {
  return tokens[index + 1]?.upper === "(" && tokens[index - 1]?.upper !== "AS" && tokens[index - 1]?.upper !== ")";
}

function column(right: Right, dice: Dice): Mistake | undefined {
  const known = columnsOf(right);
  const { tokens } = right;
  const isMeant = (token: Token, index: number): boolean =>
    token.kind === "word" &&
    known.has(wordOf(right, token)) &&
    tokens[index - 1]?.upper !== "AS" &&
    tokens[index + 1]?.upper !== "." &&
    !isCall(right, index);
  return slipIn(right, dice, isMeant);
}

function table(right: Right, dice: Dice): Mistake | undefined {
  const { tokens } = right;
  return slipIn(
    right,
    dice,
    ({ kind }, index) =>
      kind === "word" && ["FROM", "JOIN"].includes(tokens[index - 1]?.upper ?? "") && tokens[index + 1]?.upper !== ".",
  );
}

function functionName(right: Right, dice: Dice): Mistake | undefined {
  return slipIn(
    right,
    dice,
    ({ kind, upper }, index) =>
      kind === "word" && !isReserved(upper) && isCall(right, index) && !/^(?:CAST|TRY_CAST|OVER)$/.test(upper),
  );
}

const keywords = new Set(
  "SELECT FROM WHERE GROUP ORDER HAVING INNER LEFT JOIN UNION LIKE BETWEEN CASE WHEN THEN ELSE".split(" "),
);

function keyword(right: Right, dice: Dice): Mistake | undefined {
  return slipIn(right, dice, ({ upper }) => keywords.has(upper));
}

/** A name that loses the brackets it needs. */
function brackets({ sql, tokens }: Right, dice: Dice): Mistake | undefined {
  const needy = tokens.filter(({ kind, start, end }) => kind === "bracket" && /[\s-]/.test(sql.slice(start, end)));
  const token = pick(needy, dice);
  return token && { sql: replaced(sql, token, sql.slice(token.start + 1, token.end - 1)) };
}

/** LIMIT at the end, where T-SQL has TOP at the beginning. */
function limit({ sql, tokens }: Right): Mistake | undefined {
  const words = new Set(tokens.map(({ upper }) => upper));
  if (["UNION", "EXCEPT", "INTERSECT", "TOP", "OFFSET", "WITH"].some((word) => words.has(word))) return undefined;
  if (tokens[0]?.upper !== "SELECT" || words.has("ORDER")) return undefined;
  const end = tokens.findLast(({ upper }) => upper !== ";")?.end ?? 0;
  const head = tokens[1]?.upper === "DISTINCT" ? tokens[1] : tokens[0];
  const text = sql.slice(0, end);
  return { sql: `${text}\nLIMIT 5`, meant: `${text.slice(0, head.end)} TOP 5${text.slice(head.end)}` };
}

const foreign: Readonly<Record<string, string>> = { "=": "==", AND: "&&", "+": "||", ">=": "=>", "<=": "=<" };

function operator({ sql, tokens }: Right, dice: Dice): Mistake | undefined {
  const found = tokens.filter(({ upper, kind }) => kind !== "string" && Object.hasOwn(foreign, upper));
  // `x = expression` names a column, and text beside a number is no text.
  const token = pick(
    found.filter(({ upper }) => upper !== "=" || tokens.some((one) => one.upper === "WHERE" || one.upper === "ON")),
    dice,
  );
  return token && { sql: replaced(sql, token, foreign[token.upper] ?? "") };
}

/** A Boolean compared with True or False. */
function truth(right: Right, dice: Dice): Mistake | undefined {
  const booleans = new Set(
    Object.values(right.tables).flatMap((fields) =>
      fields.flatMap(({ name, fieldType }) => (fieldType === "Boolean" ? [name.toLowerCase()] : [])),
    ),
  );
  const { sql, tokens } = right;
  const found = tokens.filter((token, index) => {
    const [name, sign] = [tokens[index - 2], tokens[index - 1]];
    const isBit = token.kind === "number" && /^[01]$/.test(sql.slice(token.start, token.end));
    return isBit && sign?.upper === "=" && name !== undefined && booleans.has(wordOf(right, name));
  });
  const token = pick(found, dice);
  return token && { sql: replaced(sql, token, sql[token.start] === "1" ? "True" : "False") };
}

const cyrillic: Readonly<Record<string, string>> = { O: "О", E: "Е", o: "о", e: "е", A: "А", a: "а" };

/** A typographic quote, or a letter of another script in a keyword or a column. */
function lookAlike(right: Right, dice: Dice): Mistake | undefined {
  const { sql, tokens } = right;
  const texts = tokens.filter(
    ({ kind, start, end }) => kind === "string" && sql[start] === "'" && !sql.slice(start + 1, end - 1).includes("'"),
  );
  if (texts.length > 0 && dice(2) === 0) {
    const token = pick(texts, dice);
    return token && { sql: replaced(sql, token, `‘${sql.slice(token.start + 1, token.end - 1)}’`) };
  }
  const known = columnsOf(right);
  const words = tokens.filter(
    (token, index) =>
      token.kind === "word" &&
      (keywords.has(token.upper) || (known.has(wordOf(right, token)) && tokens[index - 1]?.upper !== "AS")) &&
      /[OEAoea]/.test(sql.slice(token.start, token.end)),
  );
  const token = pick(words, dice);
  if (token === undefined) return undefined;
  return {
    sql: replaced(
      sql,
      token,
      sql.slice(token.start, token.end).replace(/[OEAoea]/, (letter) => cyrillic[letter] ?? letter),
    ),
  };
}

/** An alias behind a table or a derived table that is left out. */
function alias({ sql, tokens }: Right, dice: Dice): Mistake | undefined {
  const found = tokens.flatMap((token, index) => {
    const [before, beforeThat] = [tokens[index - 1], tokens[index - 2]];
    const isName =
      token.kind === "word" &&
      !isReserved(token.upper) &&
      tokens.some((one, at) => one.upper === token.upper && tokens[at + 1]?.upper === ".");
    const name = before?.upper === "AS" ? beforeThat : before;
    const opener = before?.upper === "AS" ? tokens[index - 3] : beforeThat;
    const isTable =
      (name?.kind === "word" || name?.kind === "bracket") && ["FROM", "JOIN", "."].includes(opener?.upper ?? "");
    const isBehind = name?.upper === ")" || isTable;
    return isName && isBehind && name !== undefined && tokens[index + 1]?.upper !== "."
      ? [{ start: name.end, end: token.end }]
      : [];
  });
  const place = pick(found, dice);
  return place && { sql: replaced(sql, place, " ") };
}

/** A GROUP BY that lacks its last term, or all. */
function groupBy({ sql, tokens }: Right, dice: Dice): Mistake | undefined {
  const by = tokens.findIndex(({ upper }, index) => upper === "GROUP" && tokens[index + 1]?.upper === "BY");
  if (by < 0) return undefined;
  let depth = 0;
  const commas: Token[] = [];
  let end = tokens.length;
  for (let index = by + 2; index < tokens.length; index += 1) {
    const { upper = "" } = tokens[index] ?? {};
    if (upper === "(") depth += 1;
    else if (upper === ")") depth -= 1;
    if (depth < 0 || (depth === 0 && ["HAVING", "ORDER", "UNION", "WITH"].includes(upper))) {
      end = index;
      break;
    }
    const comma = tokens[index];
    if (depth === 0 && upper === "," && comma !== undefined) commas.push(comma);
  }
  const last = tokens[end - 1];
  const cut = pick(commas, dice) === undefined ? tokens[by] : commas.at(-1);
  return cut && last && { sql: replaced(sql, { start: cut.start, end: last.end }, "") };
}

/** A comma too few or too many, or a semicolon in the middle. */
function punctuation({ sql, tokens }: Right, dice: Dice): Mistake | undefined {
  const from = tokens.find(({ upper }) => upper === "FROM");
  const where = tokens.find(({ upper }) => upper === "WHERE");
  const comma = pick(
    tokens.filter(({ upper, start }) => upper === "," && start < (from?.start ?? 0)),
    dice,
  );
  switch (dice(4)) {
    case 0:
      return comma && { sql: replaced(sql, comma, " ") };
    case 1:
      return comma && { sql: replaced(sql, comma, ",,") };
    case 2:
      return from && { sql: replaced(sql, { start: from.start, end: from.start }, ", ") };
    default:
      return where && { sql: replaced(sql, { start: where.start, end: where.start }, "; ") };
  }
}

/** Twelve kinds of typing mistakes, each made at a random place of a right text; nothing where the text has no such place. */
export const mistakes: Readonly<Record<string, (right: Right, dice: Dice) => Mistake | undefined>> = {
  column,
  table,
  function: functionName,
  keyword,
  brackets,
  LIMIT: limit,
  operator,
  "True and False": truth,
  "look-alike": lookAlike,
  alias,
  "GROUP BY": groupBy,
  punctuation,
};
