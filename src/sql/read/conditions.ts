import { at, childrenOf, listAt, nameOf, namesOf, variant, type Name } from "./ast.ts";
import { isSameName } from "./scope.ts";

/** The nodes of queries inside a query, which are read by themselves. */
const queryTags = new Set(["Subquery", "Exists", "InSubquery"]);

/** The ON conditions of a SELECT's joins, those in bracketed joins too. */
function joinConditions(select: unknown): unknown[] {
  return listAt(select, "from").flatMap(conditionsOf);
}

function conditionsOf(tree: unknown): unknown[] {
  const inside = at(at(at(tree, "relation"), "NestedJoin"), "table_with_joins");
  return [
    ...(inside === undefined ? [] : conditionsOf(inside)),
    ...listAt(tree, "joins").flatMap((join) => {
      const on = at(variant(at(join, "join_operator")).body, "On");
      return [...conditionsOf(join), ...(on === undefined ? [] : [on])];
    }),
  ];
}

/** The conditions of a SELECT's joins and its WHERE, taken apart at AND and OR. */
export function singleConditions(select: unknown): unknown[] {
  const waiting = [...joinConditions(select), at(select, "selection")];
  const found: unknown[] = [];
  for (let condition = waiting.pop(); waiting.length > 0 || condition !== undefined; condition = waiting.pop()) {
    const { tag, body } = variant(condition);
    const operator = tag === "BinaryOp" ? at(body, "op") : undefined;
    if (tag === "Nested") waiting.push(body);
    else if (operator === "And" || operator === "Or") waiting.push(at(body, "left"), at(body, "right"));
    else found.push(condition);
  }
  return found;
}

/** A table as FROM names it, and what it is called there. */
export type NamedTable = { parts: readonly Name[]; alias: string };

/** The tables a SELECT's FROM names, those in bracketed joins too. */
export function namedTables(select: unknown): NamedTable[] {
  return listAt(select, "from").flatMap(tablesOf);
}

function tablesOf(tree: unknown): NamedTable[] {
  return [tree, ...listAt(tree, "joins")].flatMap((item) => {
    const relation = at(item, "relation");
    const inside = at(at(relation, "NestedJoin"), "table_with_joins");
    if (inside !== undefined) return tablesOf(inside);
    const table = at(relation, "Table");
    const parts = namesOf(at(table, "name"));
    const alias = nameOf(at(at(table, "alias"), "name")) ?? parts.at(-1);
    return alias === undefined ? [] : [{ parts, alias: alias.value }];
  });
}

/** The plain SELECT that a derived table of this name is. */
export function derivedSelect(select: unknown, alias: string): unknown {
  const derived = listAt(select, "from")
    .flatMap((tree) => [tree, ...listAt(tree, "joins")])
    .map((item) => at(at(item, "relation"), "Derived"))
    .find((table) => isSameName(nameOf(at(at(table, "alias"), "name"))?.value ?? "", alias));
  return at(at(at(derived, "subquery"), "body"), "Select");
}

/** Every expression of a SELECT at any depth, queries inside it left out. */
export function expressionsOf(select: unknown): unknown[] {
  const parts = [at(select, "projection"), at(select, "selection"), at(select, "group_by"), at(select, "having")];
  const waiting = [...joinConditions(select), ...parts];
  const found: unknown[] = [];
  for (let node = waiting.pop(); waiting.length > 0 || node !== undefined; node = waiting.pop()) {
    if (queryTags.has(variant(node).tag)) continue;
    found.push(node);
    waiting.push(...childrenOf(node));
  }
  return found;
}
