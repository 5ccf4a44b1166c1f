import type { Finding, Remark } from "../diagnostic.ts";
import { aggregateNames } from "../functions/aggregate.ts";
import { holdsQuery } from "../read/conditions.ts";
import type { Reading, ReadSelect } from "../read/reading.ts";
import { ownColumn, type Relation, type Scope } from "../read/scope.ts";
import type { Arithmetic, Call, Expression, Logical } from "../syntax/expression-tree.ts";
import { placeOf } from "../syntax/places.ts";
import type { Name, Node } from "../syntax/tree.ts";
import { childrenOf, isNode } from "../syntax/walk.ts";

/** Which table and column a name means, as one word; nothing for columns of outer queries and where it is not sure. */
function identity({ relations }: Scope, parts: readonly Name[]): string | undefined {
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
type Canon = {
  wordOf: (node: Node) => string;
  /** The words of `a`, `a + b`, `a + b + c`: a chain is read from the left. */
  wordsOf: (chain: Arithmetic | Logical) => string[];
};

/** Members that say where or how a node is written. */
const written: ReadonlySet<string> = new Set(["start", "end", "isQuoted"]);

/**
 * Opens the comparison of the expressions of one SELECT. What a node is made of stands in its word as words, not as texts,
 * so that a chain of many is no longer than its links.
 */
function openCanon(scope: Scope): Canon {
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
    if (node.kind === "column") return wordOfText(columnText(node.parts));
    if (node.kind === "arithmetic" || node.kind === "logical") return wordsOf(node).at(-1) ?? "";
    return wordOfText(membersText(node));
  };
  const wordOf = (node: Node): string => {
    const word = known.get(node) ?? freshWord(node);
    known.set(node, word);
    return word;
  };
  return { wordOf, wordsOf };
}

function functionName({ name }: Call): string {
  return name.at(-1)?.value.toUpperCase() ?? "";
}

function isWindow(node: Node): node is Call {
  return node.kind === "call" && node.over !== undefined;
}

function isAggregate(node: Node): node is Call {
  return node.kind === "call" && node.over === undefined && aggregateNames.has(functionName(node));
}

/** The outermost calls a test is true of, this node included, inner queries left out. */
function outermost(node: Node | undefined, test: (node: Node) => node is Call): Call[] {
  if (node === undefined || holdsQuery(node)) return [];
  if (test(node)) return [node];
  return childrenOf(node).flatMap((child) => outermost(child, test));
}

type Grouping = { scope: Scope; canon: Canon; grouped: ReadonlySet<string> };

/** The columns of an expression that are neither grouped nor inside an aggregate. */
function looseColumns(grouping: Grouping, node: Node): Name[][] {
  const { scope, canon, grouped } = grouping;
  if (holdsQuery(node) || isAggregate(node) || isWindow(node)) return [];
  if (grouped.has(canon.wordOf(node))) return [];
  if (node.kind === "column") return identity(scope, node.parts) === undefined ? [] : [node.parts];
  return insideOf(grouping, node).flatMap((child) => looseColumns(grouping, child));
}

/** What stands in a node; of a chain what stands behind its grouped beginning. */
function insideOf({ canon, grouped }: Grouping, node: Node): readonly Node[] {
  if (node.kind !== "arithmetic" && node.kind !== "logical") return childrenOf(node);
  const last = canon.wordsOf(node).findLastIndex((word) => grouped.has(word));
  return node.operands.slice(last + 1);
}

/** The expressions of GROUP BY; nothing for groupings by ROLLUP, CUBE and the like. */
function groupExpressions({ select }: ReadSelect): readonly Expression[] | undefined {
  const terms = select.groupBy?.terms ?? [];
  return terms.every(({ kind }) => kind !== "grouping") ? terms : undefined;
}

function loose(read: ReadSelect): Finding[] {
  const { select, scope } = read;
  const groups = groupExpressions(read);
  const items = select.items.map(({ expression }) => expression);
  const hasAggregate = [...items, select.having].some((item) => outermost(item, isAggregate).length > 0);
  if (groups === undefined || (groups.length === 0 && !hasAggregate)) return [];
  const canon = openCanon(scope);
  const grouped = new Set(groups.map(canon.wordOf));
  return items
    .flatMap((item) => looseColumns({ scope, canon, grouped }, item))
    .map((parts) => {
      const name = parts.map(({ value }) => value).join(".");
      const remark = {
        code: "NOT_GROUPED",
        message: `${name} is neither in GROUP BY nor inside an aggregate`,
        fix: `Add ${name} to GROUP BY, or write MAX(${name})`,
      };
      return { ...placeOf(parts), remark };
    });
}

function misplaced({ select: { where } }: ReadSelect): Finding[] {
  const said = (calls: readonly Call[], remark: (name: string) => Remark): Finding[] =>
    calls.map((call) => ({ ...placeOf(call.name), remark: remark(functionName(call)) }));
  return [
    ...said(outermost(where, isAggregate), (name) => ({
      code: "AGGREGATE_IN_WHERE",
      message: `${name} cannot stand in WHERE: rows are filtered before they are grouped`,
      fix: "Write the condition in HAVING",
    })),
    ...said(outermost(where, isWindow), (name) => ({
      code: "WINDOW_IN_WHERE",
      message: `${name} OVER (…) cannot stand in WHERE`,
      fix: "Select it in a derived table and filter outside: FROM (SELECT …) AS x WHERE x.…",
    })),
  ];
}

/** Columns neither grouped nor aggregated, aggregates and windows in WHERE: what SQL Server refuses to compile. */
export function groupingFindings(reading: Reading): Finding[] {
  return reading.selects.flatMap((read) => [...loose(read), ...misplaced(read)]);
}
