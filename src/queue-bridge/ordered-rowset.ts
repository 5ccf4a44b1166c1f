import type { Answer } from "#mce/failure.ts";
import { answered } from "#mce/failure.ts";
import type { RowsetPage } from "#mce/rest/rowset.ts";
import { largestPage, readRowset } from "#mce/rest/rowset.ts";
import { isInPlace } from "#sql/numbered-rows.ts";
import { orderColumn } from "#sql/order.ts";
import type { DrivenRun } from "./driven-run.ts";

/** R8: a page of the snapshot that is confirmed here must be one the results are read in later. */
const pageSize = 50;

/** MCE's own number of a row in a table without primary key: no order anybody asked for, but always the same one. */
const rowKey = "_customobjectkey";

/** The first page of a temp table, and by what its rows are to be ordered. */
export type OrderedPage = RowsetPage & {
  orderBy?: string;
  /** The query's order cannot be had: MCE does not sort, and there are more rows than can be sorted here. */
  isOrderLost?: true;
};

/**
 * Reads the first page of a run's own table in the query's order, or in an order that stays the same over snapshots.
 *
 * @returns undefined while MCE does not know the table
 */
export async function readFirstPage(run: DrivenRun, customerKey: string): Promise<Answer<OrderedPage | undefined>> {
  const ask = { customerKey, page: 1, pageSize, signal: run.signal };
  const orderBy = run.memory.read().orderColumn ?? rowKey;
  const asked = await readRowset(run.mce, { ...ask, orderBy });
  // Nobody has proved that every account takes an order (FACTS 7.1); rows in any order are better than none.
  const isRefused = !asked.ok && asked.failure.kind === "rejected";
  const read = isRefused ? await readRowset(run.mce, ask) : asked;
  if (!read.ok || read.value === undefined) return read;
  const page = read.value;
  const column = orderBy === rowKey ? orderOfRows(run, page) : orderBy;
  if (column === undefined) return answered(isRefused ? page : { ...page, orderBy: rowKey });
  if (column !== orderBy && !isRefused) {
    const again = await readRowset(run.mce, { ...ask, orderBy: column });
    return again.ok && again.value !== undefined ? answered(ordered(again.value, column)) : again;
  }
  return answered(ordered(page, column));
}

function ordered(page: RowsetPage, column: string): OrderedPage {
  if (page.count <= largestPage || isInPlace(page.items, column, 1)) return { ...page, orderBy: column };
  return { ...page, isOrderLost: true };
}

/** The order column of a table whose job has forgotten it: no column of the query can have that name. */
function orderOfRows({ claim }: DrivenRun, page: RowsetPage): string | undefined {
  const column = orderColumn((claim.columns ?? []).map(({ name }) => name));
  return page.items[0]?.[column.toLowerCase()] === undefined ? undefined : column;
}
