import { aggregateNames } from "../functions/aggregate.ts";
import { ownerOf } from "../read/owner.ts";
import type { ReadSelect } from "../read/reading.ts";
import type { Relation, Scope } from "../read/scope.ts";
import type { Call } from "../syntax/expression-tree.ts";
import type { Node } from "../syntax/tree.ts";
import { childrenOf } from "../syntax/walk.ts";
import { callOf } from "../types/moments.ts";

/** MIN, MAX and anything DISTINCT give the same however often a row comes. */
function ignoresRepeats(aggregate: Call): boolean {
  return aggregate.isDistinct === true || ["MIN", "MAX"].includes(callOf(aggregate)?.name ?? "");
}

/** Functions over many rows, and the tables of the columns outside them. */
function gather(node: Node, scope: Scope, aggregates: Call[], owners: Set<Relation>): void {
  if (node.kind === "call" && (node.over !== undefined || aggregateNames.has(callOf(node)?.name ?? ""))) {
    aggregates.push(node);
    return;
  }
  if (node.kind !== "column") {
    for (const child of childrenOf(node)) gather(child, scope, aggregates, owners);
    return;
  }
  const isSubscriber = /^subscriber(?:id|key)$/i.test(node.parts.at(-1)?.value ?? "");
  const owner = isSubscriber ? undefined : ownerOf(scope, node.parts);
  if (owner !== undefined) owners.add(owner);
}

/**
 * Tells whether a SELECT gives the same however often rows of two tables meet: it groups or is DISTINCT, counts nothing
 * twice, and shows no pair of them.
 */
export function openRepeats({ select, scope }: ReadSelect): (one: Relation, other: Relation) => boolean {
  const aggregates: Call[] = [];
  const owners = new Set<Relation>();
  for (const { expression } of select.items) {
    if (expression.kind === "star") return () => false;
    gather(expression, scope, aggregates, owners);
  }
  if (select.having !== undefined) gather(select.having, scope, aggregates, new Set());
  const isGrouped = (select.groupBy?.terms.length ?? 0) > 0;
  const isOnce = select.quantifier === "DISTINCT" || isGrouped || aggregates.length > 0;
  const isHidden = isOnce && aggregates.every(ignoresRepeats);
  return (one, other) => isHidden && !(owners.has(one) && owners.has(other));
}
