import type { Mce } from "#mce/client.ts";
import { answered, type Answer } from "#mce/failure.ts";
import { rowKey } from "#mce/rest/rowset.ts";
import { findDataExtensions } from "#mce/soap/data-extension.ts";
import { readFirstRows } from "#mce/soap/first-rows.ts";
import type { ResultHandle } from "#protocol/transition.ts";
import { inOrder, isNumbered } from "#sql/numbered-rows.ts";

type Row = Record<string, string>;

/** A page of the rows that one answer by SOAP brings. */
export type SoapPage = {
  items: Row[];
  /** Rows of all pages. */
  readable: number;
  /** MCE has more rows than these. */
  hasMore: boolean;
};

/**
 * Reads one page of a result whose rowset does not answer: all rows that SOAP gives at once, in the query's order or else in
 * the order of MCE's own numbers, so that pages fit together though each comes from an answer of its own.
 *
 * @param rowCount as far as it is known
 * @returns undefined when MCE does not know the Data Extension any more, or has lost its rows
 */
export async function readSoapPage(
  mce: Mce,
  handle: Pick<ResultHandle, "customerKey" | "orderBy">,
  names: readonly string[],
  { page, pageSize, rowCount = 0 }: { page: number; pageSize: number; rowCount?: number },
): Promise<Answer<SoapPage | undefined>> {
  const { customerKey, orderBy } = handle;
  const read = await readFirstRows(mce, { customerKey, columns: orderBy === undefined ? names : [...names, orderBy] });
  if (!read.ok) {
    if (read.failure.kind !== "rejected") return read;
    // An account may stop to give its own numbers.
    if (orderBy === rowKey) return readSoapPage(mce, { customerKey }, names, { page, pageSize, rowCount });
    const found = await findDataExtensions(mce, { customerKey });
    return found.ok && found.value.length === 0 ? answered(undefined) : read;
  }
  const { items, hasMore } = read.value;
  if (items.length === 0 && rowCount > 0) return answered(undefined);
  const rows = sorted(items, orderBy);
  return answered({ items: rows.slice((page - 1) * pageSize, page * pageSize), readable: rows.length, hasMore });
}

/** By numbers where all are, else by text: an order that stays the same is all that is needed then. */
function sorted(items: Row[], orderBy: string | undefined): Row[] {
  if (orderBy === undefined) return items;
  if (isNumbered(items, orderBy)) return inOrder(items, orderBy);
  const key = (row: Row) => row[orderBy.toLowerCase()] ?? "";
  return items.toSorted((one, other) => (key(one) < key(other) ? -1 : Number(key(one) > key(other))));
}
