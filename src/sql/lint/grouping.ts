import { at, childrenOf, listAt, nameOf, namesOf, variant, type Name } from "../read/ast.ts";
import type { Finding, Remark } from "../diagnostic.ts";
import { aggregateNames } from "../functions/aggregate.ts";
import { placeOf } from "../text/places.ts";
import type { Reading, ReadSelect } from "../read/reading.ts";
import { ownColumn, type Relation, type Scope } from "../read/scope.ts";

/** Queries inside a query are judged by themselves. */
const queryTags = new Set(["Subquery", "Exists", "InSubquery"]);

function columnParts(node: unknown): Name[] | undefined {
  const { tag, body } = variant(node);
  if (tag === "Identifier") return [nameOf(body) ?? []].flat();
  return tag === "CompoundIdentifier" ? namesOf(body) : undefined;
}

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
type Canon = (node: unknown) => string;

/**
 * Opens the comparison of the expressions of one SELECT. What a node is made of stands in its word as words, not as texts,
 * so that a chain of many is no longer than its links.
 */
function openCanon(scope: Scope): Canon {
  const words = new Map<string, string>();
  const known = new WeakMap<object, string>();
  const wordOf = (text: string): string => {
    const word = words.get(text) ?? `#${words.size}`;
    words.set(text, word);
    return word;
  };
  const canonical: Canon = (node) => {
    if (typeof node === "string") return wordOf(JSON.stringify(node.toLowerCase()));
    if (typeof node !== "object" || node === null) return wordOf(String(node));
    const { tag, body } = variant(node);
    if (tag === "Nested") return canonical(body);
    const word = known.get(node) ?? wordOf(textOf(node));
    known.set(node, word);
    return word;
  };
  const textOf = (node: object): string => {
    if (Array.isArray(node)) return `[${node.map(canonical).join()}]`;
    const parts = columnParts(node);
    if (parts !== undefined) {
      const own = identity(scope, parts);
      return own === undefined ? `?${parts.map(({ value }) => value.toLowerCase()).join(".")}` : `.${own}`;
    }
    return `{${Object.entries(node)
      .flatMap(([key, value]) => (key === "span" ? [] : [`${key}:${canonical(value)}`]))
      .join()}}`;
  };
  return canonical;
}

function functionName(node: unknown): string {
  return (
    namesOf(at(at(node, "Function"), "name"))
      .at(-1)
      ?.value.toUpperCase() ?? ""
  );
}

function isWindow(node: unknown): boolean {
  const over = at(at(node, "Function"), "over");
  return over !== null && over !== undefined;
}

function isAggregate(node: unknown): boolean {
  return aggregateNames.has(functionName(node)) && !isWindow(node);
}

/** The outermost nodes a test is true of, this one included, inner queries left out. */
function outermost(node: unknown, test: (node: unknown) => boolean): unknown[] {
  if (queryTags.has(variant(node).tag)) return [];
  if (test(node)) return [node];
  return childrenOf(node).flatMap((child) => outermost(child, test));
}

type Grouping = { scope: Scope; canon: Canon; grouped: ReadonlySet<string> };

/** The columns of an expression that are neither grouped nor inside an aggregate. */
function looseColumns(grouping: Grouping, node: unknown): Name[][] {
  const { scope, canon, grouped } = grouping;
  const { tag } = variant(node);
  if (queryTags.has(tag) || isAggregate(node) || isWindow(node)) return [];
  if (grouped.has(canon(node))) return [];
  const parts = columnParts(node);
  if (parts !== undefined) return identity(scope, parts) === undefined ? [] : [parts];
  const call = at(node, "Function");
  // The name of a function, and a date part before a date, are no columns.
  const inside = call === undefined ? childrenOf(node) : callArguments(call);
  return inside.flatMap((child) => looseColumns(grouping, child));
}

const datePartWords = /^DATE(?:ADD|DIFF|DIFF_BIG|PART|NAME|TRUNC|_BUCKET)$/;

function callArguments(call: unknown): unknown[] {
  const args = [...listAt(variant(at(call, "args")).body, "args")];
  const name = namesOf(at(call, "name")).at(-1)?.value.toUpperCase() ?? "";
  return datePartWords.test(name) ? args.slice(1) : args;
}

function expressionOf(item: unknown): unknown {
  const { tag, body } = variant(item);
  if (tag === "UnnamedExpr") return body;
  return tag === "ExprWithAlias" ? at(body, "expr") : undefined;
}

/** The expressions of GROUP BY; nothing for groupings by ROLLUP, CUBE and the like. */
function groupExpressions(select: unknown): unknown[] | undefined {
  const { tag, body } = variant(at(select, "group_by"));
  const expressions: unknown = tag === "Expressions" && Array.isArray(body) ? body[0] : undefined;
  if (!Array.isArray(expressions)) return undefined;
  const isPlain = expressions.every(
    (node: unknown) =>
      !["ROLLUP", "CUBE"].includes(functionName(node)) &&
      !/^(?:Rollup|Cube|GroupingSets|Tuple)$/.test(variant(node).tag),
  );
  return isPlain ? expressions : undefined;
}

function loose(reading: Reading, { select, scope }: ReadSelect): Finding[] {
  const groups = groupExpressions(select);
  const items = listAt(select, "projection").map(expressionOf);
  const hasAggregate = [...items, at(select, "having")].some((item) => outermost(item, isAggregate).length > 0);
  if (groups === undefined || (groups.length === 0 && !hasAggregate)) return [];
  const canon = openCanon(scope);
  const grouped = new Set(groups.map(canon));
  return items
    .flatMap((item) => looseColumns({ scope, canon, grouped }, item))
    .map((parts) => {
      const name = parts.map(({ value }) => value).join(".");
      const remark = {
        code: "NOT_GROUPED",
        message: `${name} is neither in GROUP BY nor inside an aggregate`,
        fix: `Add ${name} to GROUP BY, or write MAX(${name})`,
      };
      return { ...placeOf(reading, parts), remark };
    });
}

function misplaced(reading: Reading, { select }: ReadSelect): Finding[] {
  const where = at(select, "selection");
  const said = (nodes: unknown[], remark: (name: string) => Remark): Finding[] =>
    nodes.map((node) => ({
      ...placeOf(reading, namesOf(at(at(node, "Function"), "name"))),
      remark: remark(functionName(node)),
    }));
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
  return reading.selects.flatMap((select) => [...loose(reading, select), ...misplaced(reading, select)]);
}
