import { said } from "./said.ts";
import type { Finding } from "../diagnostic.ts";
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
  const found = (calls: readonly Call[], code: "AGGREGATE_IN_WHERE" | "WINDOW_IN_WHERE"): Finding[] =>
    calls.map((call) => ({ ...placeOf(call.name), remark: said(code, functionName(call)) }));
  const aggregates = outermost(where, isAggregate).filter((call) => !isOfOuter(call, scope));
  return [...found(aggregates, "AGGREGATE_IN_WHERE"), ...found(outermost(where, isWindow), "WINDOW_IN_WHERE")];
}
