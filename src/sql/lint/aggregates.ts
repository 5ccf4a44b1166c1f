import { isKnownFunction } from "../functions/all.ts";
import { aggregateNames } from "../functions/aggregate.ts";
import { holdsQuery } from "../read/conditions.ts";
import type { Call } from "../syntax/expression-tree.ts";
import type { Node } from "../syntax/tree.ts";
import { childrenOf } from "../syntax/walk.ts";
import { functionName } from "./canon.ts";

/** Whether a node calls a function that nobody knows. */
export function isUnknownCall(node: Node): boolean {
  return node.kind === "call" && node.name.length === 1 && !isKnownFunction(functionName(node));
}

/** Whether a node is a call over a window. */
export function isWindow(node: Node): node is Call {
  return node.kind === "call" && node.over !== undefined;
}

/** Whether a node is an aggregate of a group. */
export function isAggregate(node: Node): node is Call {
  return node.kind === "call" && node.over === undefined && aggregateNames.has(functionName(node));
}

/** The outermost calls a test is true of, this node included, inner queries left out. */
export function outermost(node: Node | undefined, test: (node: Node) => node is Call): Call[] {
  if (node === undefined || holdsQuery(node)) return [];
  if (test(node)) return [node];
  return childrenOf(node).flatMap((child) => outermost(child, test));
}
