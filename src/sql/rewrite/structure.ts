import { given } from "#lang/given.ts";
import type { Finding } from "../diagnostic.ts";
import type { Query } from "../query.ts";
import type { Node } from "../syntax/tree.ts";
import { childrenOf } from "../syntax/walk.ts";
import { inlineCommonTables, maxWritten, tooLong } from "./common-tables.ts";
import { illegalOrder } from "./last-order.ts";
import { replaced, write, type Splice, type Written } from "./written.ts";

/** What changes in a text because MCE makes a derived table of it, and what stands in the way. */
export type Structure = {
  splices: readonly Splice[];
  findings: readonly Finding[];
  /** Common table expressions are written out. */
  isInlined: boolean;
  /** An ORDER BY is left out. */
  isUnordered: boolean;
  /** What to say when the text gets too long; absent: it cannot. */
  whyLong?: Finding;
};

/** Reads what MCE cannot run but means one clear thing: WITH, and ORDER BY without TOP or OFFSET. */
export function structureOf(query: Query): Structure {
  const { tree, lost } = query;
  if (lost !== undefined) return { splices: [], findings: [], isInlined: false, isUnordered: false };
  const { splices, findings, longest } = inlineCommonTables(query);
  const order = illegalOrder(tree);
  const escapes = query.sql.includes("{") ? escapesIn(tree) : [];
  const whole = [...splices, ...escapes];
  return {
    splices: order === undefined ? whole : [...whole, replaced({ ...order, text: "" })],
    findings,
    isInlined: splices.length > 0,
    isUnordered: order !== undefined,
    ...given({ whyLong: longest && tooLong(longest) }),
  };
}

/** ODBC's escapes, as what T-SQL has instead: nobody knows whether MCE takes them. */
function escapesIn(node: Node): Splice[] {
  const inside = childrenOf(node).flatMap(escapesIn);
  if (node.kind !== "parens" || node.instead === undefined) return inside;
  const { head, from, to, tail } = node.instead;
  const around = [
    { start: node.start, end: from, text: head },
    { start: to, end: node.end, text: tail },
  ];
  return [...around.map(replaced), ...inside];
}

/** The most characters a rewritten text may have. */
export function maxOf({ whyLong }: Structure): number {
  return whyLong === undefined ? Infinity : maxWritten;
}

/**
 * The text that MCE is asked about where the user's own is not legal there but means one clear thing.
 *
 * @returns nothing where MCE is asked about the text as it is written
 */
export function legalText(query: Query): Written | undefined {
  const structure = structureOf(query);
  const { splices, findings } = structure;
  if (splices.length === 0 || findings.length > 0) return undefined;
  return write(query.sql, splices, undefined, maxOf(structure));
}
