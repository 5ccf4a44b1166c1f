import type { Mce } from "#mce/client.ts";
import type { Answer } from "#mce/failure.ts";
import type { RowsetPage } from "#mce/rest/rowset.ts";
import { readRowset } from "#mce/rest/rowset.ts";
import type { ResultHandle } from "#protocol/transition.ts";

/** A page, and the snapshot it came from when that is a new one. */
export type ReadPage = RowsetPage & { renewed?: { requestToken: string; tokenExpiresAt?: number } };

/** A snapshot this close to its end is not trusted with one more page. */
const tokenSlackMs = 10_000;

/** MCE's largest page. */
const wholeSize = 2500;

type Place = { page: number; pageSize: number };

/**
 * Reads one page of a result. MCE guarantees no order of rows, so all pages come from one snapshot as long as it lives;
 * then from a new one in the same order, which the caller shares with the pages after it.
 *
 * @returns undefined when MCE does not know the Data Extension any more
 */
export async function readPage(
  mce: Mce,
  handle: ResultHandle,
  place: Place,
  now: number = Date.now(),
): Promise<Answer<ReadPage | undefined>> {
  const { orderBy } = handle;
  const read = await readFrom(mce, handle, place, now);
  if (!read.ok || read.value === undefined || orderBy === undefined) return read;
  if (!isNumbered(read.value, orderBy) || isInPlace(read.value, orderBy, place)) return read;
  // MCE has not ordered the rows. They are numbered, so where one call brings them all the page can be picked.
  if (read.value.count > wholeSize) return read;
  const all = await readFrom(mce, { ...handle, ...read.value.renewed }, { page: 1, pageSize: wholeSize }, now);
  if (!all.ok || all.value === undefined) return all;
  return { ok: true, value: { ...read.value, ...all.value, items: pick(all.value.items, orderBy, place) } };
}

async function readFrom(
  mce: Mce,
  { customerKey, requestToken, tokenExpiresAt, orderBy }: ResultHandle,
  place: Place,
  now: number,
): Promise<Answer<ReadPage | undefined>> {
  const ask = { ...place, ...(orderBy === undefined ? {} : { orderBy }) };
  if (requestToken !== undefined && (tokenExpiresAt === undefined || tokenExpiresAt - tokenSlackMs > now)) {
    const read = await readRowset(mce, { requestToken, ...ask });
    if (!read.ok || read.value !== undefined) return read;
  }
  const fresh = await readRowset(mce, { customerKey, ...ask });
  if (!fresh.ok || fresh.value?.requestToken === undefined) return fresh;
  const { requestToken: token, tokenExpiresAt: until } = fresh.value;
  const renewed = { requestToken: token, ...(until === undefined ? {} : { tokenExpiresAt: until }) };
  return { ok: true, value: { ...fresh.value, renewed } };
}

type Row = RowsetPage["items"][number];

function numberOf(row: Row | undefined, orderBy: string): number {
  return Number(row?.[orderBy.toLowerCase()] ?? Number.NaN);
}

/** Whether the rows carry the query's own numbers, 1 to `count`; MCE's row keys only promise an order. */
function isNumbered({ items }: RowsetPage, orderBy: string): boolean {
  return orderBy.toLowerCase() !== "_customobjectkey" && items.every((row) => numberOf(row, orderBy) > 0);
}

function isInPlace({ items }: RowsetPage, orderBy: string, { page, pageSize }: Place): boolean {
  return items.every((row, index) => numberOf(row, orderBy) === (page - 1) * pageSize + index + 1);
}

function pick(items: readonly Row[], orderBy: string, { page, pageSize }: Place): Row[] {
  const inOrder = items.toSorted((one, other) => numberOf(one, orderBy) - numberOf(other, orderBy));
  return inOrder.slice((page - 1) * pageSize, page * pageSize);
}
