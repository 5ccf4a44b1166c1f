import { aggregateNames } from "../functions/aggregate.ts";
import { at, childrenOf, listAt, variant } from "../read/ast.ts";
import { columnParts, ownerOf } from "../read/owner.ts";
import type { ReadSelect } from "../read/reading.ts";
import type { Relation, Scope } from "../read/scope.ts";
import { callOf } from "../types/moments.ts";

function isSet(node: unknown): boolean {
  return node !== null && node !== undefined;
}

/** MIN, MAX and anything DISTINCT give the same however often a row comes. */
function ignoresRepeats(aggregate: unknown): boolean {
  const call = at(aggregate, "Function");
  const isDistinct = at(variant(at(call, "args")).body, "duplicate_treatment") === "Distinct";
  return isDistinct || ["MIN", "MAX"].includes(callOf(aggregate)?.name ?? "");
}

/** Functions over many rows, and the tables of the columns outside them. */
function gather(node: unknown, scope: Scope, aggregates: unknown[], owners: Set<Relation>): void {
  const isAggregate = aggregateNames.has(callOf(node)?.name ?? "") || isSet(at(at(node, "Function"), "over"));
  if (isAggregate) {
    aggregates.push(node);
    return;
  }
  const parts = columnParts(node);
  if (parts === undefined) {
    for (const child of childrenOf(node)) gather(child, scope, aggregates, owners);
    return;
  }
  const isSubscriber = /^subscriber(?:id|key)$/i.test(parts.at(-1)?.value ?? "");
  const owner = isSubscriber ? undefined : ownerOf(scope, parts);
  if (owner !== undefined) owners.add(owner);
}

/**
 * Tells whether a SELECT gives the same however often rows of two tables meet: it groups or is DISTINCT, counts nothing
 * twice, and shows no pair of them.
 */
export function openRepeats({ select, scope }: ReadSelect): (one: Relation, other: Relation) => boolean {
  const aggregates: unknown[] = [];
  const owners = new Set<Relation>();
  for (const item of listAt(select, "projection")) {
    if (/Wildcard/.test(variant(item).tag)) return () => false;
    gather(item, scope, aggregates, owners);
  }
  gather(at(select, "having"), scope, aggregates, new Set());
  const groups: unknown = variant(at(select, "group_by")).body;
  const isGrouped = Array.isArray(groups) && Array.isArray(groups[0]) && groups[0].length > 0;
  const isOnce = isSet(at(select, "distinct")) || isGrouped || aggregates.length > 0;
  const isHidden = isOnce && aggregates.every(ignoresRepeats);
  return (one, other) => isHidden && !(owners.has(one) && owners.has(other));
}
