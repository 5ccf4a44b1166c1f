import type { Finding, Remark } from "../diagnostic.ts";
import { holdsQuery } from "../read/conditions.ts";
import type { ReadSelect } from "../read/reading.ts";
import { isSameName, ownColumn, resolve, type Relation, type Scope } from "../read/scope.ts";
import type { Call } from "../syntax/expression-tree.ts";
import { placeOf } from "../syntax/places.ts";
import type { Name, Node } from "../syntax/tree.ts";
import { childrenOf } from "../syntax/walk.ts";
import { isAggregate, isWindow, outermost } from "./aggregates.ts";
import { functionName } from "./canon.ts";

/** Whether an aggregate is of an outer query's rows alone: then it is that query's, and may stand in an inner WHERE. */
function isOfOuter(call: Call, scope: Scope): boolean {
  const columns = call.args.flatMap(columnsOf);
  return columns.length > 0 && columns.every((parts) => isOuterName(scope, parts));
}

function columnsOf(node: Node): (readonly Name[])[] {
  return node.kind === "column" ? [node.parts] : holdsQuery(node) ? [] : childrenOf(node).flatMap(columnsOf);
}

function isOuterName(scope: Scope, parts: readonly Name[]): boolean {
  const prefix = parts.at(-2)?.value;
  const isHere = (relation: Relation): boolean =>
    prefix === undefined
      ? relation.isOpen || ownColumn(relation, (parts.at(-1)?.value ?? "").toLowerCase()) !== undefined
      : isSameName(relation.alias, prefix);
  return !scope.relations.some(isHere) && resolve(scope, parts).kind === "column";
}

/** Aggregates and windows in WHERE, which SQL Server refuses to compile. */
export function misplaced({ select: { where }, scope }: ReadSelect): Finding[] {
  const said = (calls: readonly Call[], remark: (name: string) => Remark): Finding[] =>
    calls.map((call) => ({ ...placeOf(call.name), remark: remark(functionName(call)) }));
  return [
    ...said(
      outermost(where, isAggregate).filter((call) => !isOfOuter(call, scope)),
      (name) => ({
        code: "AGGREGATE_IN_WHERE",
        message: `${name} cannot stand in WHERE: rows are filtered before they are grouped`,
        fix: "Write the condition in HAVING",
      }),
    ),
    ...said(outermost(where, isWindow), (name) => ({
      code: "WINDOW_IN_WHERE",
      message: `${name} OVER (…) cannot stand in WHERE`,
      fix: "Select it in a derived table and filter outside: FROM (SELECT …) AS x WHERE x.…",
    })),
  ];
}
