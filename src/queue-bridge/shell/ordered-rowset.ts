import { ok } from "#lang/result.ts";
import type { Answer } from "#mce/failure.ts";
import { largestPage, readRowset, rowKey, type RowsetPage } from "#mce/rest/rowset.ts";
import { isInPlace, isNumbered } from "#sql/numbered-rows.ts";
import type { RunInHand } from "../run/run-in-hand.ts";
import type { HiddenFields } from "./look-rows.ts";

/** R8: the snapshot that is confirmed here must have the page size in which results are read later. */
const pageSize = 50;

/** The first page of a temp table; `orderBy` is absent when MCE refuses to sort. */
export type OrderedPage = RowsetPage & {
  orderBy?: string;
  /** MCE does not sort, and the rows are few enough to read them all and sort them by number. */
  isSortedHere?: true;
};

/** A first page; `isRefused`: MCE refused to sort, and returned it unsorted. */
type AskedPage = { page: RowsetPage; isRefused: boolean };

/**
 * Reads the first page of a run's own table in the query's order, or in an order that is the same in every snapshot.
 *
 * @param hidden the fields of a look; absent: the rows have no numbers
 * @returns undefined while MCE does not know the table
 */
export async function readFirstPage(
  run: RunInHand,
  customerKey: string,
  hidden?: HiddenFields,
): Promise<Answer<OrderedPage | undefined>> {
  const numbered = hidden && (await readBy(run, customerKey, hidden.order));
  if (numbered !== undefined && hidden !== undefined) {
    if (!numbered.ok) return numbered;
    if (numbered.value === undefined) return ok(undefined);
    if (isNumbered(numbered.value.page.items, hidden.order)) return ok(ordered(numbered.value, hidden.order));
  }
  const plain = await readBy(run, customerKey, rowKey);
  if (!plain.ok || plain.value === undefined) return plain.ok ? ok(undefined) : plain;
  const { page, isRefused } = plain.value;
  return ok(isRefused ? page : { ...page, orderBy: rowKey });
}

/** Reads unsorted if MCE refuses an order: it is not proven that every account allows one (MCE 7.1). */
async function readBy(
  { mce, signal, probed }: RunInHand,
  customerKey: string,
  orderBy: string,
): Promise<Answer<AskedPage | undefined>> {
  const ask = { customerKey, page: 1, pageSize, signal };
  const isRefusing = probed.orderBy === "refuse";
  const asked = await readRowset(mce, isRefusing ? ask : { ...ask, orderBy });
  const isRefusedNow = !isRefusing && !asked.ok && asked.error.kind === "rejected";
  const isRefused = isRefusing || isRefusedNow;
  const read = isRefusedNow ? await readRowset(mce, ask) : asked;
  return read.ok ? ok(read.value && { page: read.value, isRefused }) : read;
}

/** Keeps requesting an order that MCE accepts but does not apply: any stable order separates the pages. */
function ordered({ page, isRefused }: AskedPage, column: string): OrderedPage {
  if (!isRefused && isInPlace(page.items, column, 1)) return { ...page, orderBy: column };
  if (page.count <= largestPage) return { ...page, orderBy: column, isSortedHere: true };
  // Only a table made before looks has so many rows with numbers.
  return isRefused ? page : { ...page, orderBy: column };
}
