import type { Answer } from "#mce/failure.ts";
import type { RowsetPage } from "#mce/rest/rowset.ts";
import { readRowset } from "#mce/rest/rowset.ts";
import { orderColumn } from "#sql/order.ts";
import type { DrivenRun } from "./driven-run.ts";

/** R8: a page of the snapshot that is confirmed here must be one the results are read in later. */
const pageSize = 50;

/** MCE's own number of a row in a table without primary key: no order anybody asked for, but always the same one. */
const rowKey = "_customobjectkey";

/** The first page of a temp table, and by what its rows are ordered, where MCE orders them. */
export type OrderedPage = RowsetPage & { orderBy?: string };

/**
 * Reads the first page of a run's own table in the query's order, or in an order that stays the same over snapshots.
 *
 * @returns undefined while MCE does not know the table
 */
export async function readFirstPage(run: DrivenRun, customerKey: string): Promise<Answer<OrderedPage | undefined>> {
  const orderBy = run.memory.read().orderColumn ?? rowKey;
  const read = await readBy(run, customerKey, orderBy);
  // Nobody has proved that every account takes an order (FACTS 7.1); rows in any order are better than none.
  if (!read.ok && read.failure.kind === "rejected") return readRowset(run.mce, askFor(run, customerKey));
  const forgotten = read.ok && orderBy === rowKey ? orderOfRows(run, read.value) : undefined;
  return forgotten === undefined ? read : readBy(run, customerKey, forgotten);
}

async function readBy(run: DrivenRun, key: string, orderBy: string): Promise<Answer<OrderedPage | undefined>> {
  const read = await readRowset(run.mce, { ...askFor(run, key), orderBy });
  return read.ok && read.value !== undefined ? { ok: true, value: { ...read.value, orderBy } } : read;
}

function askFor(run: DrivenRun, customerKey: string) {
  return { customerKey, page: 1, pageSize, signal: run.signal };
}

/** The order column of a table whose job has forgotten it: no column of the query can have that name. */
function orderOfRows({ claim }: DrivenRun, page: RowsetPage | undefined): string | undefined {
  const column = orderColumn((claim.columns ?? []).map(({ name }) => name));
  return page?.items[0]?.[column.toLowerCase()] === undefined ? undefined : column;
}
