import type { Span } from "../syntax/tree.ts";
import { bracketed } from "../text/splice.ts";
import { hiddenFields, openNames } from "./field-names.ts";
import type { Key } from "./last-order.ts";
import type { Part, Splice } from "./written.ts";

/** Rows of one rowset page, and of one SOAP batch (MCE 4.5, 7.1): all that can be seen of a result. */
export const lookRows = 2500;

/** What a look is made of. */
export type Looking = {
  /** The length of the user's text. */
  length: number;
  /** What has to stand behind the user's text, which may end in a comment. */
  endOfLine: string;
  /** Where the list ends that names the columns. */
  listEnd: number;
  /** The fields of the result, in the order of its columns. */
  fields: readonly string[];
  keys: readonly Key[];
  /** What the words of ours stand for. */
  source: Span;
  /** Count all rows, not only those that are looked at. */
  isTotal: boolean;
};

/**
 * A query as a look at its first 2,500 rows: numbered in the query's order, and `QPP_Count` is 2,501 when there are more.
 *
 * The query becomes a derived table as it stands, so that TOP, DISTINCT, UNION, GROUP BY and OFFSET mean what they meant, and
 * SQL Server need not compute what nobody sees. What it is ordered by without showing it is added to its list.
 *
 * @returns the parts of the whole text, and what is spliced inside the query
 */
export function lookParts({ length, endOfLine, listEnd, fields, keys, source, isTotal }: Looking): {
  parts: Part[];
  splices: Splice[];
} {
  const { order, count } = hiddenFields(fields);
  const free = openNames([...fields, order, count]);
  const written = keys.map((key) => ({ key, name: "column" in key ? (fields[key.column] ?? "") : free("QPP_Key") }));
  const hidden = written.flatMap(({ key, name }) => ("hidden" in key ? [{ place: key.hidden, name }] : []));
  const by = written.map(({ key, name }) => keyText(key, name)).join(", ") || "(SELECT NULL)";
  const list = fields.map(bracketed).join(", ");
  const number = bracketed(order);
  const counted = `COUNT(*) OVER () AS ${bracketed(count)}`;
  const [outer, inner] = isTotal ? [bracketed(count), `, ${counted}`] : [counted, ""];
  const head =
    `SELECT TOP ${lookRows} ${list}, ${number}, ${outer} FROM ` +
    `(SELECT TOP ${lookRows + 1} ${list}, ROW_NUMBER() OVER (ORDER BY ${by}) AS ${number}${inner} FROM (`;
  const names = [list, ...hidden.map(({ name }) => bracketed(name))].join(", ");
  const tail = `${endOfLine}) AS [QPP_Query] (${names}) ORDER BY ${number}) AS [QPP_Look] ORDER BY ${number}`;
  return {
    parts: [
      { text: head, source },
      { start: 0, end: length },
      { text: tail, source },
    ],
    splices: hidden.map(({ place }) => ({
      start: listEnd,
      end: listEnd,
      parts: [{ text: ", ", source: place }, place],
    })),
  };
}

function keyText({ collation, isDescending }: Key, name: string): string {
  return `${bracketed(name)}${collation === undefined ? "" : ` COLLATE ${collation}`}${isDescending ? " DESC" : ""}`;
}
