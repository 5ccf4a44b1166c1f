import type { Expression } from "../syntax/expression-tree.ts";
import { aliasOf, leaves } from "../syntax/outputs.ts";
import type { Body, Name, Node, Select, Source } from "../syntax/tree.ts";
import { childrenOf } from "../syntax/walk.ts";

/** Whether a node is a query that is read by itself, or tests a value against one. */
export function holdsQuery(node: Node): boolean {
  return (
    node.kind === "subquery" ||
    node.kind === "exists" ||
    node.kind === "query" ||
    (node.kind === "in" && node.query !== undefined)
  );
}

/** The ON conditions of a SELECT's joins, those in bracketed joins too. */
function joinConditions({ from }: Select): Expression[] {
  return from.flatMap(conditionsOf);
}

function conditionsOf(source: Source): Expression[] {
  if (source.kind !== "joined") return [];
  return [
    ...conditionsOf(source.first),
    ...source.joins.flatMap((join) => [...conditionsOf(join.source), ...(join.on === undefined ? [] : [join.on])]),
  ];
}

/** The conditions of a SELECT's joins and its WHERE, taken apart at AND and OR. */
export function singleConditions(select: Select): Expression[] {
  const waiting = [...joinConditions(select), ...(select.where === undefined ? [] : [select.where])];
  const found: Expression[] = [];
  for (let condition = waiting.pop(); condition !== undefined; condition = waiting.pop()) {
    if (condition.kind === "parens") waiting.push(condition.inner);
    else if (condition.kind === "logical") waiting.push(...condition.operands);
    else found.push(condition);
  }
  return found;
}

/** A table as FROM names it, and what it is called there. */
export type NamedTable = { parts: readonly Name[]; alias: string };

/** The tables a SELECT's FROM names, those in bracketed joins too. */
export function namedTables({ from }: Select): NamedTable[] {
  return leaves(from).flatMap((source) =>
    source.kind === "table" ? [{ parts: source.name, alias: aliasOf(source) }] : [],
  );
}

const derivedBodies = new WeakMap<Select, ReadonlyMap<string, Body>>();

/** What the derived tables of a SELECT's FROM are, by lower-cased alias, the first of equal ones. */
function derivedOf(select: Select): ReadonlyMap<string, Body> {
  const known = derivedBodies.get(select);
  if (known !== undefined) return known;
  const found = new Map<string, Body>();
  for (const source of leaves(select.from)) {
    const alias = aliasOf(source).toLowerCase();
    if (source.kind === "derived" && !found.has(alias)) found.set(alias, source.query.body);
  }
  derivedBodies.set(select, found);
  return found;
}

/** The plain SELECT that a derived table of this name is. */
export function derivedSelect(select: Select, alias: string): Select | undefined {
  const body = derivedOf(select).get(alias.toLowerCase());
  return body?.kind === "select" ? body : undefined;
}

/** Every expression of a SELECT at any depth, queries inside it left out. */
export function expressionsOf(select: Select): Node[] {
  const { items, where, groupBy, having } = select;
  const waiting: Node[] = [...joinConditions(select), ...items];
  for (const part of [where, groupBy, having]) if (part !== undefined) waiting.push(part);
  const found: Node[] = [];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (holdsQuery(node)) continue;
    found.push(node);
    waiting.push(...childrenOf(node));
  }
  return found;
}
