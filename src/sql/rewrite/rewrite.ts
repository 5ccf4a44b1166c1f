import { given } from "#lang/given.ts";
import type { Finding } from "../diagnostic.ts";
import type { Query } from "../query.ts";
import { listEdits } from "../read/item-edits.ts";
import { writtenColumns } from "../read/name-notes.ts";
import type { Reading } from "../read/reading.ts";
import { placeOfSelect } from "../syntax/places.ts";
import { bracketed } from "../text/splice.ts";
import { fieldNames, hiddenFields } from "./field-names.ts";
import { isOneText, lastOrder, type LastOrder } from "./last-order.ts";
import { lookParts } from "./look.ts";
import { resultNameFindings } from "./result-names.ts";
import { rewriteNotes } from "./rewrite-notes.ts";
import { maxOf, structureOf, type BareOrder, type Structure } from "./structure.ts";
import { replaced, write, type Part, type Splice } from "./written.ts";

/** A look at a query's first rows, and the fields that number and count them. */
export type Look = { sql: string; order: string; count: string };

/** A query as it runs. */
export type Rewritten = {
  /** The fields that hold its columns, in order. */
  fields: readonly string[];
  /** The text that gives just these columns, all rows of them, and keeps its order, so that MCE judges it (D46). */
  sql: string;
  /** The text as one can save it in Automation Studio. */
  portable: string;
  /** Absent where its columns are not sure, and into a target. */
  look?: Look;
  notes: string[];
};

/** How a query is to run. */
export type How = {
  /** Into a Data Extension of the user's, where nothing is renamed, numbered or cut. */
  isInto?: boolean;
  /** All rows are to be counted. */
  isTotal?: boolean;
};

/** What is known of a query whose columns have these names. */
type Known = { query: Query; reading: Reading; names: readonly string[]; structure: Structure; order: LastOrder };

const noOrder: LastOrder = { keys: [], findings: [] };

/** Rewrites a query so that MCE can run it, or says why it cannot be: the findings are errors. */
export function rewrite(
  query: Query,
  reading: Reading,
  names: readonly string[],
  { isInto = false, isTotal = false }: How = {},
): { rewritten?: Rewritten; findings: readonly Finding[] } {
  const structure = structureOf(query);
  const order = query.lost === undefined ? lastOrder(query, query.tree, reading.result) : noOrder;
  const { result } = reading;
  const nameFindings = isInto && result !== undefined ? resultNameFindings(result, names) : [];
  const findings = [...structure.findings, ...order.findings, ...nameFindings];
  if (findings.length > 0) return { findings };
  const known: Known = { query, reading, names, structure, order };
  const fields = isInto ? names : fieldNames(names);
  const sql = isInto ? textWith(known, "dropped") : textWith(known, "kept", fields);
  const portable = textWith(known, "dropped", names);
  const look = isInto || !isSure(known) ? undefined : lookAt(known, fields, isTotal);
  if (sql === undefined || portable === undefined || look === "too-long")
    return { findings: [structure.whyLong].flatMap((finding) => finding ?? []) };
  const notes = rewriteNotes({
    query,
    result,
    names,
    fields,
    structure,
    order,
    isInto,
    isNumbered: look !== undefined,
  });
  return { rewritten: { fields, sql, portable, notes, ...given({ look }) }, findings: [] };
}

/** Whether the columns are certain, by number. */
function isSure({ query: { lost, tree }, reading: { result }, names }: Known): boolean {
  if (lost !== undefined) return false;
  return isOneText(tree) || (result !== undefined && writtenColumns(result).length === names.length);
}

/** What is spliced inside the query; `names` are written into its own list where they are given. */
function inside({ reading, structure, order }: Known, how: keyof BareOrder, names?: readonly string[]): Splice[] {
  const { edits, result } = reading;
  const own = result === undefined ? [] : listEdits(result, names);
  const limit = structure.order?.[how] ?? [];
  const terms = result === undefined || names === undefined ? [] : renamedTerms(order, writtenColumns(result), names);
  return [...structure.splices, ...[...edits, ...own].map(replaced)].concat(limit, terms);
}

/** Terms of ORDER BY that name columns of the result, where those get other names. */
function renamedTerms({ keys }: LastOrder, columns: readonly { name: string | undefined }[], names: readonly string[]) {
  return keys.flatMap((key): Splice[] => {
    const [own, name] = "column" in key ? [columns[key.column]?.name, names[key.column]] : [];
    return own === undefined || name === undefined || own === name
      ? []
      : [replaced({ ...key.term, text: bracketed(name) })];
  });
}

/** The query with all its rows, under these names; nothing when it is too long. */
function textWith(known: Known, how: keyof BareOrder, names?: readonly string[]): string | undefined {
  const { query, structure } = known;
  const { sql, tree } = query;
  const splices = inside(known, how, names);
  const whole: Part = { start: 0, end: sql.length };
  if (!isOneText(tree)) return write(sql, splices, [whole], maxOf(structure))?.sql;
  // One text has no name of its own.
  const list = (names ?? known.names).map(bracketed).join(", ");
  const source = placeOfSelect(tree);
  const [head, tail] = [`SELECT ${list} FROM (`, `${endOfLine(query)}) AS [QPP_Query] (${list})`];
  return write(sql, splices, [{ text: head, source }, whole, { text: tail, source }], maxOf(structure))?.sql;
}

function lookAt(known: Known, fields: readonly string[], isTotal: boolean): Look | "too-long" {
  const { query, reading, structure, order } = known;
  const { sql, tree } = query;
  const { parts, splices } = lookParts({
    endOfLine: endOfLine(query),
    length: sql.length,
    listEnd: reading.result?.items.at(-1)?.node.end ?? tree.end,
    fields,
    keys: order.keys,
    source: order.removed ?? placeOfSelect(tree),
    isTotal,
  });
  const written = write(sql, [...inside(known, "dropped"), ...splices], parts, maxOf(structure));
  return written === undefined ? "too-long" : { sql: written.sql, ...hiddenFields(fields) };
}

/** What has to stand behind a query that may end in a comment. */
function endOfLine({ sql, tree }: Query): string {
  return sql.slice(tree.end).includes("--") ? "\n" : "";
}
