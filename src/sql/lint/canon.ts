import { datePartFunctions } from "../functions/date.ts";
import { ownColumn, type Relation, type Scope } from "../read/scope.ts";
import type { Arithmetic, Call, Expression, Logical } from "../syntax/expression-tree.ts";
import type { Name, Node } from "../syntax/tree.ts";
import { isNode } from "../syntax/walk.ts";
import { upperCase } from "../text/upper-case.ts";
import { longPart, partWord } from "../types/moments.ts";

/** A function's name as T-SQL compares it. */
export function functionName({ name }: Pick<Call, "name">): string {
  return upperCase(name.at(-1)?.value ?? "");
}

/** Which table and column a name means, as one word; nothing for columns of outer queries and where it is not sure. */
export function identity({ relations }: Scope, parts: readonly Name[]): string | undefined {
  const name = (parts.at(-1)?.value ?? "").toLowerCase();
  const prefix = parts.at(-2)?.value.toLowerCase();
  const only = relations.length === 1 ? relations[0] : undefined;
  if (only?.isOpen === true) return `${only.alias}.${name}`.toLowerCase();
  let owner: Relation | undefined;
  for (const relation of relations) {
    const isOwner =
      prefix === undefined ? ownColumn(relation, name) !== undefined : relation.alias.toLowerCase() === prefix;
    if (isOwner && owner !== undefined) return undefined;
    if (isOwner) owner = relation;
  }
  return owner && `${owner.alias}.${name}`.toLowerCase();
}

/** Gives equal expressions one word: without places, case and parentheses, columns by identity. */
export type Canon = {
  wordOf: (node: Node) => string;
  /** The word of a column by its name. */
  wordOfName: (parts: readonly Name[]) => string;
  /** The words of `a`, `a + b`, `a + b + c`: a chain is read from the left. */
  wordsOf: (chain: Arithmetic | Logical) => string[];
};

/** The words of what a SELECT groups by. */
export type Grouped = { canon: Canon; grouped: ReadonlySet<string> };

/** A call with a date part, whichever word is written for it: `DATEPART(yy, d)` and `YEAR(d)` are `DATEPART year` of d. */
function datePartCall({ name: parts, args }: Call): { name: string; args: Expression[] } | undefined {
  const name = parts.length === 1 ? functionName({ name: parts }) : "";
  if (name === "YEAR" || name === "MONTH" || name === "DAY") return { name: `DATEPART ${name.toLowerCase()}`, args };
  const word = datePartFunctions.has(name) ? partWord(args[0]) : undefined;
  return word === undefined ? undefined : { name: `${name} ${longPart(word)}`, args: args.slice(1) };
}

/** Members that say where or how a node is written. */
const written: ReadonlySet<string> = new Set(["start", "end", "isQuoted"]);

/**
 * Opens the comparison of the expressions of one SELECT. What a node is made of stands in its word as words, not as texts,
 * so that a chain of many is no longer than its links.
 */
export function openCanon(scope: Scope): Canon {
  const words = new Map<string, string>();
  const known = new WeakMap<Node, string>();
  const wordOfText = (text: string): string => {
    const word = words.get(text) ?? `#${words.size}`;
    words.set(text, word);
    return word;
  };
  const columnText = (parts: readonly Name[]): string => {
    const own = identity(scope, parts);
    return own === undefined ? `?${parts.map(({ value }) => value.toLowerCase()).join(".")}` : `.${own}`;
  };
  const wordOfName = (parts: readonly Name[]): string => wordOfText(columnText(parts));
  const wordsOf = (chain: Arithmetic | Logical): string[] => {
    let word = "";
    return chain.operands.map((operand, index) => {
      const sign = chain.kind === "logical" ? chain.operator : (chain.operators[index - 1]?.text ?? "");
      word = index === 0 ? wordOf(operand) : wordOfText(`(${word} ${sign} ${wordOf(operand)})`);
      return word;
    });
  };
  const memberText = (member: unknown): string => {
    if (typeof member === "string") return wordOfText(JSON.stringify(member.toLowerCase()));
    if (typeof member !== "object" || member === null) return String(member);
    if (Array.isArray(member)) return `[${member.map(memberText).join()}]`;
    return isNode(member) ? wordOf(member) : membersText(member);
  };
  const membersText = (of: object): string =>
    `{${Object.entries(of)
      .flatMap(([key, member]) => (written.has(key) ? [] : [`${key}:${memberText(member)}`]))
      .join()}}`;
  const freshWord = (node: Node): string => {
    if (node.kind === "parens") return wordOf(node.inner);
    if (node.kind === "column") return wordOfName(node.parts);
    if (node.kind === "arithmetic" || node.kind === "logical") return wordsOf(node).at(-1) ?? "";
    const part = node.kind === "call" ? datePartCall(node) : undefined;
    if (part !== undefined) return wordOfText(`${part.name}(${part.args.map(wordOf).join()})`);
    return wordOfText(membersText(node));
  };
  const wordOf = (node: Node): string => {
    const word = known.get(node) ?? freshWord(node);
    known.set(node, word);
    return word;
  };
  return { wordOf, wordOfName, wordsOf };
}
