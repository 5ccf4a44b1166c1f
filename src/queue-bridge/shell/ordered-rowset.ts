import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import type { Answer } from "#mce/failure.ts";
import { largestPage, readRowset, rowKey, type RowsetPage } from "#mce/rest/rowset.ts";
import { isInPlace } from "#sql/numbered-rows.ts";
import { orderColumn } from "#sql/order.ts";
import type { RunInHand } from "../run/run-in-hand.ts";

/** R8: the snapshot that is confirmed here must have the page size in which results are read later. */
const pageSize = 50;

/** The first page of a temp table; `orderBy` is absent when MCE refuses to sort. */
export type OrderedPage = RowsetPage & {
  orderBy?: string;
  /** MCE does not sort, and the rows are few enough to read them all and sort them by number. */
  isSortedHere?: true;
  /** The query's order is lost: MCE does not sort, and there are too many rows to sort here. */
  isOrderLost?: true;
};

/** A first page; `isRefused`: MCE refused to sort, and returned it unsorted. */
type AskedPage = { page: RowsetPage; isRefused: boolean };

/**
 * Reads the first page of a run's own table in the query's order, or in an order that is the same in every snapshot.
 *
 * @returns undefined while MCE does not know the table
 */
export async function readFirstPage(run: RunInHand, customerKey: string): Promise<Answer<OrderedPage | undefined>> {
  const { orderColumn: known } = run.memory.read();
  const first = await readBy(run, customerKey, known ?? rowKey);
  if (!first.ok) return first;
  if (first.value === undefined) return ok(undefined);
  if (known !== undefined) return ok(ordered(first.value, known));
  const { page, isRefused } = first.value;
  const forgotten = orderOfRows(run, page);
  if (forgotten === undefined) return ok(isRefused ? page : { ...page, orderBy: rowKey });
  const again = await readBy(run, customerKey, forgotten);
  return again.ok ? ok(again.value && ordered(again.value, forgotten)) : again;
}

/** Reads unsorted if MCE refuses an order: it is not proven that every account allows one (MCE 7.1). */
async function readBy(
  { mce, signal }: RunInHand,
  customerKey: string,
  orderBy: string,
): Promise<Answer<AskedPage | undefined>> {
  const ask = { customerKey, page: 1, pageSize, signal };
  const asked = await readRowset(mce, { ...ask, orderBy });
  const isRefused = !asked.ok && asked.error.kind === "rejected";
  const read = isRefused ? await readRowset(mce, ask) : asked;
  return read.ok ? ok(read.value && { page: read.value, isRefused }) : read;
}

/** Keeps requesting an order that MCE accepts but does not apply: any stable order separates the pages. */
function ordered({ page, isRefused }: AskedPage, column: string): OrderedPage {
  if (!isRefused && isInPlace(page.items, column, 1)) return { ...page, orderBy: column };
  if (page.count <= largestPage) return { ...page, orderBy: column, isSortedHere: true };
  return { ...page, ...given({ orderBy: isRefused ? undefined : column }), isOrderLost: true };
}

/** The order column of a table whose job has lost its name: no column of the query can have that name. */
function orderOfRows({ claim }: RunInHand, page: RowsetPage): string | undefined {
  const column = orderColumn((claim.columns ?? []).map(({ name }) => name));
  return page.items[0]?.[column.toLowerCase()] === undefined ? undefined : column;
}
