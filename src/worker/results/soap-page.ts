import { ok } from "#lang/result.ts";
import type { Mce } from "#mce/client.ts";
import type { Answer } from "#mce/failure.ts";
import { rowKey } from "#mce/rest/rowset.ts";
import { findDataExtensions } from "#mce/soap/data-extension.ts";
import { readFirstRows } from "#mce/soap/first-rows.ts";
import type { ResultHandle } from "#protocol/transition.ts";
import { inOrder, isNumbered } from "#sql/numbered-rows.ts";

type Row = Record<string, string>;

/** A page of the rows in one SOAP answer. */
export type SoapPage = {
  items: Row[];
  /** Rows of all pages. */
  readable: number;
  /** MCE has more rows than `readable`. */
  hasMore: boolean;
};

/**
 * Reads one page of a result whose rowset does not answer. It cuts the page out of all rows that SOAP gives at once, in
 * the query's order or by MCE's row numbers, so that pages fit together although each comes from its own answer.
 *
 * @param rowCount if it is known
 * @returns undefined when MCE no longer has the Data Extension, or its rows
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
    if (read.error.kind !== "rejected") return read;
    // An account may stop giving its own numbers.
    if (orderBy === rowKey) return readSoapPage(mce, { customerKey }, names, { page, pageSize, rowCount });
    const found = await findDataExtensions(mce, { customerKey });
    return found.ok && found.value.length === 0 ? ok(undefined) : read;
  }
  const { items, hasMore } = read.value;
  if (items.length === 0 && rowCount > 0) return ok(undefined);
  const rows = sorted(items, orderBy);
  return ok({ items: rows.slice((page - 1) * pageSize, page * pageSize), readable: rows.length, hasMore });
}

/** Sorts by numbers if all rows have one, else by text, which at least stays the same. */
function sorted(items: Row[], orderBy: string | undefined): Row[] {
  if (orderBy === undefined) return items;
  if (isNumbered(items, orderBy)) return inOrder(items, orderBy);
  const key = (row: Row) => row[orderBy.toLowerCase()] ?? "";
  return items.toSorted((one, other) => (key(one) < key(other) ? -1 : Number(key(one) > key(other))));
}
