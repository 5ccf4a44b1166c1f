import { answered, type Answer } from "#mce/failure.ts";
import { largestPage, readRowset, rowKey, type RowsetPage } from "#mce/rest/rowset.ts";
import { isInPlace } from "#sql/numbered-rows.ts";
import { orderColumn } from "#sql/order.ts";
import type { RunInHand } from "../run/run-in-hand.ts";

/** R8: a page of the snapshot that is confirmed here must be one the results are read in later. */
const pageSize = 50;

/** The first page of a temp table, and by what its rows are to be ordered; absent where MCE refuses to order them. */
export type OrderedPage = RowsetPage & {
  orderBy?: string;
  /** MCE does not sort, and the rows are few enough to be sorted by their numbers, all at once. */
  isSortedHere?: true;
  /** The query's order cannot be had: MCE does not sort, and there are more rows than can be sorted here. */
  isOrderLost?: true;
};

/** A first page as MCE gave it, and whether only without the order it was asked for. */
type AskedPage = { page: RowsetPage; isRefused: boolean };

/**
 * Reads the first page of a run's own table in the query's order, or in an order that stays the same over snapshots.
 *
 * @returns undefined while MCE does not know the table
 */
export async function readFirstPage(run: RunInHand, customerKey: string): Promise<Answer<OrderedPage | undefined>> {
  const { orderColumn: known } = run.memory.read();
  const first = await readBy(run, customerKey, known ?? rowKey);
  if (!first.ok) return first;
  if (first.value === undefined) return answered(undefined);
  if (known !== undefined) return answered(ordered(first.value, known));
  const { page, isRefused } = first.value;
  const forgotten = orderOfRows(run, page);
  if (forgotten === undefined) return answered(isRefused ? page : { ...page, orderBy: rowKey });
  const again = await readBy(run, customerKey, forgotten);
  return again.ok ? answered(again.value && ordered(again.value, forgotten)) : again;
}

/** Nobody has proved that every account takes an order (MCE 7.1); rows in any order are better than none. */
async function readBy(
  { mce, signal }: RunInHand,
  customerKey: string,
  orderBy: string,
): Promise<Answer<AskedPage | undefined>> {
  const ask = { customerKey, page: 1, pageSize, signal };
  const asked = await readRowset(mce, { ...ask, orderBy });
  const isRefused = !asked.ok && asked.failure.kind === "rejected";
  const read = isRefused ? await readRowset(mce, ask) : asked;
  return read.ok ? answered(read.value && { page: read.value, isRefused }) : read;
}

/** An order that was taken but not kept stays asked for: any order that stays the same keeps pages apart. */
function ordered({ page, isRefused }: AskedPage, column: string): OrderedPage {
  if (!isRefused && isInPlace(page.items, column, 1)) return { ...page, orderBy: column };
  if (page.count <= largestPage) return { ...page, orderBy: column, isSortedHere: true };
  return { ...page, ...(isRefused ? {} : { orderBy: column }), isOrderLost: true };
}

/** The order column of a table whose job has forgotten it: no column of the query can have that name. */
function orderOfRows({ claim }: RunInHand, page: RowsetPage): string | undefined {
  const column = orderColumn((claim.columns ?? []).map(({ name }) => name));
  return page.items[0]?.[column.toLowerCase()] === undefined ? undefined : column;
}
