import advice from "../lint/advice.prose.json" with { type: "json" };
import type { Query } from "../query.ts";
import { nameNotes } from "../read/name-notes.ts";
import type { ResultList } from "../read/reading.ts";
import type { LastOrder } from "./last-order.ts";
import type { Structure } from "./structure.ts";

const inlined = advice.notes.inlined;
/** What a look makes of an ORDER BY without TOP, and nothing else does. */
export const numbered = advice.notes.numbered;
const dropped = advice.notes.dropped;

/** What a user has to know of how a query was rewritten (R18); that a look is numbered and cut belongs to the shell. */
export function rewriteNotes(known: {
  query: Query;
  result: ResultList | undefined;
  names: readonly string[];
  fields: readonly string[];
  structure: Structure;
  order: LastOrder;
  isInto: boolean;
  isNumbered: boolean;
}): string[] {
  const { query, result, names, fields, structure, order, isInto, isNumbered } = known;
  const notes = structure.isInlined ? [inlined] : [];
  if (structure.order !== undefined && (isInto || isNumbered)) notes.push(isInto ? dropped : numbered);
  if (isInto) return notes;
  const why = isNumbered ? order.lost : "the query is not understood here";
  if (why !== undefined && query.tree.orderBy !== undefined)
    notes.push(`The rows are not in the order of ORDER BY: ${why}`);
  return [...notes, ...(result === undefined ? [] : nameNotes(result, names)), ...fieldNotes(names, fields)];
}

function fieldNotes(names: readonly string[], fields: readonly string[]): string[] {
  return names.flatMap((name, index) => {
    const field = fields[index] ?? name;
    return field === name ? [] : [`No field can be called ${name}: in Marketing Cloud it is ${field}`];
  });
}
