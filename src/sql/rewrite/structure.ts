import { given } from "#lang/given.ts";
import type { Finding } from "../diagnostic.ts";
import type { Query } from "../query.ts";
import type { Node, Span } from "../syntax/tree.ts";
import { childrenOf } from "../syntax/walk.ts";
import { inlineCommonTables, maxWritten, tooLong } from "./common-tables.ts";
import { illegalOrder } from "./last-order.ts";
import { replaced, write, type Splice, type Written } from "./written.ts";

/** An ORDER BY that MCE does not take as it stands (MCE 5.2): without it, or with a limit that makes it legal. */
export type BareOrder = { dropped: Splice; kept: Splice };

/** What changes in a text because MCE makes a derived table of it, and what stands in the way. */
export type Structure = {
  splices: readonly Splice[];
  findings: readonly Finding[];
  /** Common table expressions are written out. */
  isInlined: boolean;
  /** Its own splice, whichever of the two a text needs, is not among the splices. */
  order?: BareOrder;
  /** What to say when the text gets too long; absent: it cannot. */
  whyLong?: Finding;
};

/** Reads what MCE cannot run but means one clear thing: WITH, and ORDER BY without TOP or OFFSET. */
export function structureOf(query: Query): Structure {
  if (query.lost !== undefined) return { splices: [], findings: [], isInlined: false };
  const { splices, findings, longest } = inlineCommonTables(query);
  const escapes = query.sql.includes("{") ? escapesIn(query.tree) : [];
  return {
    splices: [...splices, ...escapes],
    findings,
    isInlined: splices.length > 0,
    ...given({ order: bareOrder(query), whyLong: longest && tooLong(longest) }),
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

function bareOrder(query: Query): BareOrder | undefined {
  const clause = illegalOrder(query.tree);
  return clause && { dropped: replaced({ ...clause, text: "" }), kept: limitOf(query, clause) };
}

/** More rows than any table of MCE has, and the largest whole number of four bytes. */
const allRows = 2_147_483_647;

/** The limit that leaves out no row: TOP, whose place in a set operation would make it one branch's, so OFFSET there. */
function limitOf({ sql, tree: { body } }: Query, order: Span): Splice {
  const first = body.kind === "select" ? body.items[0] : undefined;
  const at = first?.start ?? order.end;
  const blank = /\s/.test(sql[at - 1] ?? "") ? "" : " ";
  const text = first === undefined ? " OFFSET 0 ROWS" : `${blank}TOP ${allRows} `;
  return { start: at, end: at, parts: [{ text, source: order }] };
}

/** The most characters a rewritten text may have. */
export function maxOf({ whyLong }: Structure): number {
  return whyLong === undefined ? Infinity : maxWritten;
}

/**
 * The text that MCE is asked about where the user's own is not legal there but means one clear thing. It keeps its order,
 * so that MCE judges that, too (D46).
 *
 * @returns nothing where MCE is asked about the text as it is written
 */
export function legalText(query: Query): Written | undefined {
  const structure = structureOf(query);
  const { findings, order } = structure;
  const splices = order === undefined ? structure.splices : [...structure.splices, order.kept];
  if (splices.length === 0 || findings.length > 0) return undefined;
  return write(query.sql, splices, undefined, maxOf(structure));
}
